import { describe, expect, test } from '@jest/globals'
import { Stays } from '../../../src/engine/step.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import { CHANGE, hub, type LifeOf, present, stepOf } from './lifecycleSample.ts'
import {
  ALONE,
  CLAIM,
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

describe('a creation that Azure has accepted', () => {
  const BARE = tracked('ours', HUB)
  const TOLD = hub('ours', { hostName: 'h' }).resource as TrackedResource
  const late = (found: TrackedResource & { properties?: { hostName?: string } }) =>
    found.properties?.hostName === undefined ? 'its host name' : undefined

  test.each<[string, TrackedResource, readonly (TrackedResource | undefined)[], number]>([
    ['tells nothing more where all is known', TOLD, [], 1],
    ['is looked at until all is known', BARE, [undefined, BARE, TOLD], 3],
    ['is looked at three times at most', BARE, [BARE, BARE, BARE, TOLD], 4]
  ])('%s', async (_what, answered, looks, told) => {
    const begun: unknown[] = []
    const shown = [undefined, ...looks]
    const put = async (_id: string, { accepted }: { accepted: (body: object) => void }) => {
      accepted(answered)
      await new Promise(setImmediate)
      return TOLD
    }
    const step = stepOf(
      { present: { ...present, late } },
      toolsOf({}, { get: () => (shown.length > 0 ? shown.shift() : TOLD), put })
    )
    await step.apply({
      ...ALONE,
      begun: (facts) => void begun.push(facts.resource),
      facts: { resource: undefined },
      verdict: { action: 'create' },
      see: seeNothing,
      signal,
      progress: () => {}
    })
    expect(begun).toEqual([answered, ...looks.filter((one) => one !== undefined)].slice(0, told))
    expect(begun).toHaveLength(told)
  })
})

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
    const remove = async (_id: string, { before }: { before: () => Promise<void> }) => before()
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
})
