import { describe, expect, test } from '@jest/globals'
import { GivenUp, Stays } from '../../../src/engine/step.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import { CHANGE, hub, type LifeOf, present, stepOf } from './lifecycleSample.ts'
import {
  ALONE,
  CLAIM,
  clockAt,
  HUB,
  seeNothing,
  signal,
  tagsOf,
  takeDown,
  toolsOf,
  tracked
} from './sample.ts'

describe('changes', () => {
  const looks: string[] = []
  const find = async () => {
    looks.push('find')
    return { ...tracked('ours', HUB), name: 'found' }
  }
  const newborn = (made: TrackedResource) => ({ ...made, name: 'newborn' })
  const task = { see: seeNothing, signal, ...ALONE, progress: () => {} }

  test('of tags are merged, and others are left to the kind', async () => {
    const tagged: unknown[] = []
    const updated: unknown[] = []
    const azure = {
      ...toolsOf().azure,
      tag: async (_id: string, tags: object) => void tagged.push(tags)
    }
    const step = stepOf(
      {
        read: { find: async () => hub('ours').resource },
        update: async (changes) => void updated.push(changes)
      },
      toolsOf({ azure })
    )
    const tag = { property: 'tags.team', before: undefined, after: 'iot' }
    for (const changes of [[tag, CHANGE], [tag], [CHANGE]])
      await step.apply({ ...task, facts: hub('ours'), verdict: { action: 'change', changes } })
    expect(tagged).toEqual([{ team: 'iot' }, { team: 'iot' }])
    expect(updated).toEqual([[CHANGE], [CHANGE]])
  })

  test('give a new one the tags of its owner, and those of its kind', async () => {
    const bodies: { tags?: object }[] = []
    const step = stepOf(
      {
        create: {
          body: () => ({ location: 'westeurope' }),
          tags: () => ({ 'iot-expires': 'then' })
        }
      },
      toolsOf(
        {},
        {
          get: () => (bodies.length === 0 ? undefined : hub('ours').resource),
          put: (_id, { body }: { body: object }) => void bodies.push(body)
        }
      )
    )
    await step.apply({ ...task, facts: { resource: undefined }, verdict: { action: 'create' } })
    expect(bodies).toEqual([
      { location: 'westeurope', tags: { ...tagsOf('ours', HUB), 'iot-expires': 'then' } }
    ])
    expect(CLAIM.tags).toEqual({})
  })

  test.each<[string, Partial<LifeOf>, readonly string[], string]>([
    ['is what Azure answered', {}, ['look'], 'answered'],
    ['is looked at where Azure’s answer tells less', { read: { find } }, ['look', 'find'], 'found'],
    ['is what its kind makes of the answer', { read: { find, newborn } }, ['look'], 'newborn']
  ])('make a new one that %s', async (_what, more, log, name) => {
    looks.length = 0
    const made = { ...tracked('ours', HUB), name: 'answered' }
    const get = () => void looks.push('look')
    const step = stepOf(more, toolsOf({}, { get, put: () => made }))
    const verdict = { action: 'create' } as const
    const done = await step.apply({ ...task, facts: { resource: undefined }, verdict })
    expect([looks, done.resource?.name]).toEqual([log, name])
  })

  test('meet one that somebody else of ours has just made', async () => {
    const there = tracked('ours', HUB)
    const step = stepOf(
      { read: { find: async () => there, newborn } },
      toolsOf({}, { get: () => there })
    )
    const verdict = { action: 'create' } as const
    expect(await step.apply({ ...task, facts: { resource: undefined }, verdict })).toEqual({
      resource: there
    })
  })
})

interface Creation<R extends TrackedResource> {
  readonly answered: R
  /** What reads show one after the other, before the operation ends. */
  readonly looks: readonly (R | undefined)[]
  readonly made: R
  readonly late: (found: R) => string | undefined
  readonly hear: (what: 'begun' | 'shown', resource: TrackedResource | undefined) => void
}

/** A creation that ends once all looks are taken. */
async function create<R extends TrackedResource>(creation: Creation<R>) {
  const { answered, looks, made, late, hear } = creation
  const shown = [undefined, ...looks]
  const put = async (_id: string, { accepted }: { accepted: (body: object) => void }) => {
    accepted(answered)
    await new Promise(setImmediate)
    return made
  }
  const step = stepOf(
    { present: { ...present, late: (found) => late(found as R) } },
    toolsOf({}, { get: () => (shown.length > 0 ? shown.shift() : made), put })
  )
  await step.apply({
    ...ALONE,
    begun: ({ resource }) => hear('begun', resource),
    shown: ({ resource }) => hear('shown', resource),
    facts: { resource: undefined },
    verdict: { action: 'create' },
    see: seeNothing,
    signal,
    progress: () => {}
  })
}

test('a creation in the place of what was still leaving needs what has not failed meanwhile', async () => {
  const shownEnd = Promise.reject(new GivenUp('the namespace failed'))
  shownEnd.catch(() => {})
  const step = stepOf({}, toolsOf({}, { get: () => undefined }))
  const creating = step.apply({
    ...ALONE,
    shownEnd,
    facts: { resource: undefined, leaving: true },
    verdict: { action: 'create' },
    see: seeNothing,
    signal,
    progress: () => {}
  })
  await expect(creating).rejects.toThrow('the namespace failed')
})

describe('a creation that Azure has accepted', () => {
  type Found = TrackedResource & { properties?: { hostName?: string } }
  const BARE: Found = tracked('ours', HUB)
  const TOLD = hub('ours', { hostName: 'h' }).resource as Found
  const late = ({ properties }: Found) =>
    properties?.hostName === undefined ? 'its host name' : undefined

  test.each<[string, Found, readonly (Found | undefined)[], number]>([
    ['tells nothing more where all is known', TOLD, [], 1],
    ['is looked at until all is known', BARE, [undefined, BARE, TOLD], 3],
    ['is looked at three times at most', BARE, [BARE, BARE, BARE, TOLD], 4]
  ])('%s', async (_what, answered, looks, told) => {
    const begun: unknown[] = []
    const hear = (_how: string, resource: unknown) => void begun.push(resource)
    await create({ answered, looks, made: TOLD, late, hear })
    expect(begun).toEqual([answered, ...looks.filter((one) => one !== undefined)].slice(0, told))
    expect(begun).toHaveLength(told)
  })
})

describe('a creation that a look shows as finished', () => {
  type Found = TrackedResource & { properties: { identity?: string } }
  const shows = (properties: object, whose: 'ours' | 'foreign' = 'ours') =>
    ({ ...tracked(whose, HUB), properties }) as Found
  const late = ({ properties }: Found) => (properties.identity ? undefined : 'its principal id')
  const MAKING = shows({ provisioningState: 'Accepted' })
  const SILENT = shows({})
  const finished = { provisioningState: 'Succeeded', identity: 'p' }
  const DONE = shows(finished)

  test.each<[string, Found, readonly Found[], 'shown' | 'begun']>([
    ['serves once all is told', MAKING, [MAKING, DONE], 'shown'],
    ['serves where only an earlier look showed Azure at work', SILENT, [MAKING, DONE], 'shown'],
    ['has begun where nothing showed Azure at work', SILENT, [SILENT, DONE], 'begun'],
    ['has begun where it says nothing of its state', MAKING, [shows({ identity: 'p' })], 'begun'],
    [
      'has begun where Azure still works on it',
      MAKING,
      [shows({ ...finished, provisioningState: 'Accepted' })],
      'begun'
    ],
    ['has begun where it is not ours any more', MAKING, [shows(finished, 'foreign')], 'begun']
  ])('%s', async (_what, answered, looks, last) => {
    const told: unknown[] = []
    const hear = (how: string, resource: unknown) => void told.push([how, resource])
    await create({ answered, looks, made: DONE, late, hear })
    const all = [answered, ...looks]
    expect(told).toEqual(all.map((one, at) => [at === looks.length ? last : 'begun', one]))
  })
})

interface Before {
  readonly before: () => Promise<void>
}

describe('a removal', () => {
  const contents = [{ kind: 'Policy', resource: '/p' }]
  const gone = { action: 'remove' } as const

  test.each<[string, Partial<LifeOf>, readonly unknown[], string | undefined]>([
    [
      'looks into what may hold something',
      { remove: { contents: async () => contents } },
      contents,
      'Policy /p is in it'
    ],
    [
      'goes on where that is nothing',
      { remove: { contents: async () => contents } },
      [],
      undefined
    ],
    ['does not look into what holds nothing', {}, contents, undefined]
  ])('%s', async (_what, more, strangers, stays) => {
    const looks = [hub('ours').resource, hub('ours').resource]
    const remove = async (_id: string, { before }: Before) => before()
    const inventory = { forget: () => {} }
    const tools = toolsOf(
      { purpose: takeDown(inventory) },
      { get: () => looks.shift(), delete: remove }
    )
    const done = await stepOf(more, tools).teardown?.remove?.({
      ...{ see: seeNothing, signal, ...ALONE, progress: () => {} },
      facts: hub('ours'),
      verdict: gone,
      strangers: () => strangers as typeof contents
    })
    const reason = done instanceof Stays ? done.reason : undefined
    if (stays === undefined) expect(reason).toBeUndefined()
    else expect(reason).toContain(stays)
  })

  describe('of what a list tells late', () => {
    const LATE_LIST = { contents: async () => contents, contentsSettleMs: 30_000 }
    /** A removal of what the list shows as it is asked anew. @returns what was done, in order, and how long was slept */
    function removing(remove: LifeOf['remove'], strangers: typeof contents) {
      const did: string[] = []
      const time = clockAt()
      const seen = [hub('ours').resource, hub('ours').resource]
      const tools = toolsOf(
        { purpose: takeDown({ forget: () => void did.push('forget') }) },
        { get: () => seen.shift(), delete: (_id: string, { before }: Before) => before() }
      )
      const { teardown } = stepOf(
        {
          remove: {
            ...remove,
            contents: async () => {
              did.push('list')
              return contents
            }
          }
        },
        { ...tools, azure: { ...tools.azure, time } }
      )
      const look = { facts: hub('ours'), see: seeNothing, signal, strangers: () => strangers }
      const task = { ...look, ...ALONE, progress: () => {}, verdict: gone }
      return { teardown, look, task, did, slept: time.slept }
    }

    test.each<[number | undefined, readonly number[]]>([
      [undefined, [30_000]],
      [0, [30_000]],
      [29_000, [1_000]],
      [30_000, []],
      [40_000, []]
    ])('the second look comes in time, when the first was %p ms ago', async (ago, slept) => {
      const { teardown, task, ...seen } = removing(LATE_LIST, [])
      await teardown?.remove?.({ ...task, ...(ago !== undefined && { lookedAgoMs: ago }) })
      expect(seen.slept).toEqual(slept)
      expect(seen.did).toEqual(['forget', 'list'])
    })

    test('the first look asks anew, and keeps it', async () => {
      const { teardown, look, did } = removing(LATE_LIST, contents)
      const stays = await teardown?.lookAhead?.(look)
      expect(stays?.reason).toContain('Policy /p is in it')
      expect(did).toEqual(['forget', 'list'])
      const nothing = removing(LATE_LIST, [])
      expect(await nothing.teardown?.lookAhead?.(nothing.look)).toBeUndefined()
    })

    test('there is no first look where lists tell all at once', () => {
      expect(removing({}, []).teardown).not.toHaveProperty('lookAhead')
    })
  })
})
