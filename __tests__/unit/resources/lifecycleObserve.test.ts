import { describe, expect, test } from '@jest/globals'
import type { ParentFacts } from '../../../src/resources/life.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { hub, LATE, type LifeOf, stepOf } from './lifecycleSample.ts'
import {
  clockAt,
  GROUP,
  HUB,
  seeing,
  seeNothing,
  signal,
  standIn,
  takeDown,
  toolsOf,
  tracked
} from './sample.ts'

describe('looking at a resource', () => {
  const find = (found: TrackedResource | undefined) => ({ find: async () => found })
  const parent = standIn<ParentFacts>(GROUP)

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
    const seen = seeing([parent, { resource: tracked('ours', GROUP), leaving }])
    expect(await step.observe(seen, signal)).toMatchObject(facts)
  })

  test('takes one for gone whose parent is', async () => {
    const step = stepOf({ read: find(hub('ours').resource), parent })
    const seen = seeing([parent, { resource: undefined }])
    expect(await step.observe(seen, signal)).toEqual({ resource: undefined })
  })

  test('remembers whose it is for those that carry no tags', async () => {
    const tools = toolsOf()
    await stepOf({ read: find(hub('ours').resource) }, tools).observe(seeNothing, signal)
    expect(tools.family.isOurs(HUB)).toBe(true)
  })

  test.each<[string, boolean, readonly string[]]>([
    ['by its id', false, [HUB]],
    ['in the way of its kind', true, ['own']]
  ])('is asked for ahead %s', (_how, own, asked) => {
    const log: string[] = []
    const tools = toolsOf()
    const arm = {
      ...tools.azure.arm,
      ask: (id: string) => void log.push(id)
    } as unknown as typeof tools.azure.arm
    const read = { ...find(undefined), ...(own && { ask: () => void log.push('own') }) }
    stepOf({ read }, { ...tools, azure: { ...tools.azure, arm } }).ask?.(signal)
    expect(log).toEqual(asked)
  })

  test('reads what it lies in before', () => {
    expect(stepOf({ parent }).reads).toEqual([parent])
    expect(stepOf().reads).toHaveLength(0)
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
