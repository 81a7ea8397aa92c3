import { describe, expect, test } from '@jest/globals'
import type { Tools } from '../../../src/resources/context.ts'
import type { ArmFacts, Life } from '../../../src/resources/life.ts'
import { lifecycle } from '../../../src/resources/lifecycle.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import {
  CLAIM,
  clockAt,
  HUB,
  NAMESPACE,
  seeing,
  seeNothing,
  signal,
  standIn,
  tagsOf,
  takeDown,
  toolsOf,
  tracked
} from './sample.ts'

type Facts = ArmFacts<TrackedResource>
type LifeOf = Life<TrackedResource>

const present: LifeOf['present'] = { outputs: ({ id }) => ({ 'hub-id': id }) }

function stepOf(more: Partial<LifeOf> = {}, tools: Tools = toolsOf(), lost = false) {
  return lifecycle<TrackedResource>(
    tools,
    {
      id: 'hub/hub1',
      kind: 'IoT hub',
      resource: HUB,
      phase: 'hub',
      apiVersion: 'v',
      input: 'hub',
      needs: [],
      create: { body: () => ({ location: 'westeurope' }) },
      present,
      ...more
    },
    () => ({ byId: false, lost })
  )
}

const hub = (owner: Owner, properties: object = {}): Facts => ({
  resource: tracked(owner, HUB, { properties })
})
const CHANGE = { property: 'weight', before: 1, after: 2 }
const FITS_NOT: LifeOf['present'] = { ...present, differences: () => ({ fixed: [CHANGE] }) }
const DRIFTED: LifeOf['present'] = {
  ...present,
  differences: () => ({ fixed: [], mutable: [CHANGE] })
}
const LATE: LifeOf['present'] = { ...present, late: () => 'its host name' }

describe('a resource', () => {
  test.each<[string, Facts, Partial<LifeOf>, object]>([
    ['that is missing is made', { resource: undefined }, {}, { action: 'create' }],
    [
      'whose group is missing is not',
      { resource: undefined, absence: { resourceGroupMissing: true } },
      {},
      { action: 'cannot' }
    ],
    ['as wanted is kept', hub('ours'), {}, { action: 'keep' }],
    ['that drifted is mended', hub('ours'), { present: DRIFTED }, { action: 'change' }],
    ['that does not fit stops', hub('ours'), { present: FITS_NOT }, { action: 'cannot' }],
    ['shared that does not fit stops', hub('shared'), { present: FITS_NOT }, { action: 'cannot' }],
    [
      'shared of a kind that always fits is kept',
      hub('shared'),
      { present: { ...FITS_NOT, sharedFitsAlways: true } },
      { action: 'keep', reason: 'shared' }
    ],
    [
      'of ours, even of that kind, has to fit',
      hub('ours'),
      { present: { ...FITS_NOT, sharedFitsAlways: true } },
      { action: 'cannot' }
    ],
    [
      'that Azure is at work on is waited for',
      hub('ours', { state: 'Activating' }),
      { present: DRIFTED },
      { action: 'await' }
    ],
    [
      'whose creation failed is made again',
      hub('ours', { provisioningState: 'Failed' }),
      {},
      { action: 'act' }
    ],
    [
      'of which Azure tells late is waited for',
      hub('ours'),
      { present: LATE },
      { action: 'await', reason: 'Azure to tell its host name' }
    ],
    [
      'that drifted is mended whatever is late',
      hub('ours'),
      { present: { ...DRIFTED, ...{ late: LATE.late } } as LifeOf['present'] },
      { action: 'change' }
    ],
    [
      'that does not fit stops whatever its state',
      hub('ours', { state: 'Activating' }),
      { present: FITS_NOT },
      { action: 'cannot', problems: [{ what: expect.stringContaining('in place') }] }
    ]
  ])('%s', (_what, facts, more, verdict) => {
    expect(stepOf(more).judge(facts, seeNothing)).toMatchObject(verdict)
  })

  test('without tags among tagged ones is told to have lost them', () => {
    expect(stepOf({}, toolsOf(), true).judge(hub('shared'), seeNothing)).toHaveProperty('warning')
    expect(stepOf().judge(hub('shared'), seeNothing)).not.toHaveProperty('warning')
  })

  test.each<[string, Facts, Partial<LifeOf>, string | undefined, string | undefined]>([
    ['that is missing', { resource: undefined }, { present: LATE }, 'does not exist', undefined],
    ['that is there', hub('ours'), {}, undefined, undefined],
    [
      'that is not ready',
      hub('ours', { state: 'Activating' }),
      {},
      'it still waits for Azure to have it ready (its state is Activating)',
      undefined
    ],
    [
      'of which Azure tells late',
      hub('ours'),
      { present: LATE },
      'it still waits for Azure to tell its host name',
      'Azure to tell its host name'
    ]
  ])('%s serves those that need it, or not', (_which, facts, more, unmet, late) => {
    const step = stepOf(more)
    expect([step.unmetRequirement(facts), step.late?.(facts)]).toEqual([unmet, late])
  })

  test('is told of only while it is there', () => {
    const checks = [{ what: 'lives', holds: true, remedy: 'x' }]
    const unmanaged = [{ kind: 'Policy', resource: '/p' }]
    const step = stepOf({
      present: { ...present, checks: () => checks, unmanaged: () => unmanaged }
    })
    const of = (facts: Facts) => [
      step.checks?.(facts, seeNothing),
      step.unmanaged?.(facts),
      step.outputs?.(facts)
    ]
    expect(of(hub('ours'))).toEqual([checks, unmanaged, { 'hub-id': HUB }])
    expect(of({ resource: undefined })).toEqual([[], [], {}])
    expect(stepOf().checks?.(hub('ours'), seeNothing)).toEqual([])
    expect(stepOf().unmanaged).toBeUndefined()
  })
})

describe('the end of a resource', () => {
  test.each<[string, Facts, object | undefined]>([
    ['that is not there is none', { resource: undefined }, undefined],
    ['of ours is its removal', hub('ours'), { action: 'remove' }],
    [
      'that must stay is none',
      { ...hub('ours'), mustStay: 'unseen parts' },
      { action: 'leave', reason: 'unseen parts', own: true }
    ],
    ['that is shared is none', hub('shared'), { action: 'leave' }]
  ])('%s', (_what, facts, verdict) => {
    const judged = stepOf().teardown?.judge(facts, seeNothing, () => false)
    if (verdict === undefined) expect(judged).toBeUndefined()
    else expect(judged).toMatchObject(verdict)
  })

  test('waits for what uses it and tells what it uses and holds', () => {
    const contents = [{ kind: 'Policy', resource: '/p' }]
    const dps = standIn('/dps')
    const { teardown } = stepOf({ remove: { uses: () => [NAMESPACE], goesAfter: () => [dps] } })
    expect(teardown?.uses?.(hub('ours'))).toEqual([NAMESPACE])
    expect(teardown?.uses?.({ resource: undefined })).toEqual([])
    expect(teardown?.contents?.({ ...hub('ours'), contents })).toBe(contents)
    expect(teardown?.contents?.(hub('ours'))).toEqual([])
    expect(teardown?.goesAfter?.()).toEqual([dps])
    expect(stepOf().teardown?.uses?.(hub('ours'))).toEqual([])
    expect(stepOf().teardown).not.toHaveProperty('goesAfter')
  })
})

describe('looking at a resource', () => {
  const find = (found: TrackedResource | undefined) => ({ find: async () => found })
  const parent = standIn<{ leaving?: boolean }>(NAMESPACE)

  test.each<[string, TrackedResource | undefined, Partial<LifeOf>, boolean, object]>([
    ['finds it', hub('ours').resource, {}, false, { resource: { id: HUB } }],
    [
      'asks what stands against it where it is missing',
      undefined,
      {},
      false,
      { resource: undefined, absence: { resourceGroupMissing: false } }
    ],
    [
      'takes one that goes for gone',
      hub('ours', { provisioningState: 'Deleting' }).resource,
      {},
      false,
      { resource: undefined, leaving: true }
    ],
    [
      'takes one whose parent goes for gone',
      hub('ours').resource,
      { parent },
      true,
      { resource: undefined, leaving: true }
    ],
    [
      'takes one whose parent stays for there',
      hub('ours').resource,
      { parent },
      false,
      { resource: { id: HUB } }
    ]
  ])('%s', async (_what, found, more, leaving, facts) => {
    const step = stepOf({ read: find(found), ...more })
    expect(await step.observe(seeing([parent, { leaving }]), signal)).toMatchObject(facts)
  })

  test('remembers whose it is for those that carry no tags', async () => {
    const tools = toolsOf()
    await stepOf({ read: find(hub('ours').resource) }, tools).observe(seeNothing, signal)
    expect(tools.family.isOurs(HUB)).toBe(true)
  })

  test('reads what it lies in before', () => {
    expect(stepOf({ parent }).reads).toEqual([parent])
    expect(stepOf().reads).toEqual([])
  })

  test.each<[string, object, number, string | undefined]>([
    ['until Azure has told what hangs on it', {}, 13, 'its host name'],
    ['not for one that failed', { provisioningState: 'Failed' }, 1, undefined],
    ['not for one that goes', { provisioningState: 'Deleting' }, 1, undefined]
  ])('that is to go waits %s', async (_what, properties, looks, late) => {
    const time = clockAt()
    const azure = { ...toolsOf().azure, time }
    let asked = 0
    const read = {
      find: async () => {
        asked += 1
        return hub('shared', properties).resource
      }
    }
    const tools = toolsOf({ azure, purpose: takeDown() })
    const facts = stepOf({ read, present: LATE }, tools).observe(seeNothing, signal)
    if (late === undefined) expect(await facts).toHaveProperty('resource.id', HUB)
    else await expect(facts).rejects.toThrow(`Azure has not told ${late}`)
    expect(asked).toBe(Math.min(looks, 12))
  })

  test('that is to go asks what is in it where it is ours alone', async () => {
    const contents = [{ kind: 'Policy', resource: '/p' }]
    const remove = { contents: async () => contents, obstacle: async () => 'unseen parts' }
    const seen = (owner: Owner) =>
      stepOf({ read: find(hub(owner).resource), remove }, toolsOf({ purpose: takeDown() })).observe(
        seeNothing,
        signal
      )
    expect(await seen('ours')).toMatchObject({ contents, mustStay: 'unseen parts' })
    expect(await seen('shared')).toEqual({ resource: hub('shared').resource })
  })

  test('that is to go may tell by something else than what devices need', async () => {
    const step = stepOf(
      { read: find(hub('shared').resource), present: LATE, remove: { foundBy: () => undefined } },
      toolsOf({ purpose: takeDown() })
    )
    expect(await step.observe(seeNothing, signal)).toHaveProperty('resource.id', HUB)
  })
})

describe('changes', () => {
  const task = { see: seeNothing, signal, progress: () => {} }

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
})
