import { describe, expect, test } from '@jest/globals'
import type { PolicyFacts } from '../../../../src/generations/credentialsAndPolicies/policy.ts'
import {
  type SyncFacts,
  syncStep
} from '../../../../src/generations/credentialsAndPolicies/sync.ts'
import type { Policy } from '../../../../src/resources/model.ts'
import type { HubSpec, PolicySpec } from '../../../../src/settings/settings.ts'
import type { HubFacts } from '../../../../src/steps/hub.ts'
import type { NamespaceFacts } from '../../../../src/steps/namespace.ts'
import {
  ALONE,
  clockAt,
  HUB,
  NAMESPACE,
  refused,
  seeing,
  signal,
  standIn,
  target,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'

const CREDENTIAL = `${NAMESPACE}/credentials/default`
const POLICY = `${CREDENTIAL}/policies/p`
const HUB_SPEC: HubSpec = { ...target(HUB), location: undefined }
const POLICY_SPEC: PolicySpec = { name: 'p', leafValidityDays: 30 }
const MISSING = [{ hub: 'hub1', policy: 'p' }]

const policy = (subject?: string): Policy =>
  tracked<Policy>('ours', POLICY, {
    properties: {
      certificate: { certificateAuthorityConfiguration: subject === undefined ? {} : { subject } }
    }
  })
const certificate = (policyResourceId: unknown, subject: unknown) => ({
  name: 'c',
  properties: { PolicyResourceId: policyResourceId, subject }
})
const HELD = certificate(POLICY.toUpperCase(), 'CN=abc')

interface World {
  readonly hub?: boolean
  readonly policy?: Policy | undefined
  /** What the hub holds at each look, the last for ever. */
  readonly held?: readonly (readonly object[])[]
  readonly late?: string
  readonly posts?: (Error | undefined)[]
}

function worldOf(world: World = {}) {
  const { hub: exists = true, held = [[]], late, posts = [] } = world
  const namespace = standIn<NamespaceFacts>(NAMESPACE)
  const hub = standIn<HubFacts>(HUB)
  const ofPolicy = standIn<PolicyFacts>(POLICY, {
    kind: 'Policy',
    judge: () => (late === undefined ? { action: 'keep' } : { action: 'await', reason: late })
  })
  const looks = [...held]
  let posted = 0
  const time = clockAt()
  const answers = {
    list: () => (looks.length > 1 ? looks.shift() : looks[0]),
    post: () => {
      posted += 1
      const failure = posts.shift()
      if (failure) throw failure
    }
  }
  const azure = azureOf(answers, { time })
  const step = syncStep(azure, CREDENTIAL, {
    namespace,
    hubs: new Map([[HUB_SPEC, hub]]),
    policies: new Map([[POLICY_SPEC, ofPolicy]]),
    others: []
  })
  const see = seeing(
    [namespace, { resource: undefined }],
    [hub, { resource: exists ? tracked('ours', HUB) : undefined }],
    [ofPolicy, { resource: 'policy' in world ? world.policy : policy('CN=abc') }]
  )
  return { step, see, posts: () => posted, slept: time.slept }
}

describe('a CA certificate of a hub', () => {
  test.each<[string, World, boolean]>([
    ['is held by policy and subject', { held: [[HELD]] }, true],
    ['is held under a subject without CN', { held: [[certificate(POLICY, 'ABC')]] }, true],
    ['is not that of another policy', { held: [[certificate(`${POLICY}2`, 'CN=abc')]] }, false],
    [
      'is not that of an earlier policy of the name',
      { held: [[certificate(POLICY, 'CN=old')]] },
      false
    ],
    ['is none without its properties', { held: [[{ name: 'c' }]] }, false],
    ['is none without a text', { held: [[certificate(7, 'CN=abc')]] }, false],
    ['is none while there is no policy', { held: [[HELD]], policy: undefined }, false],
    [
      'is none while the policy has no subject',
      { held: [[certificate(POLICY, undefined)]], policy: policy() },
      false
    ],
    ['is none while there is no hub', { held: [[HELD]], hub: false }, false]
  ])('%s', async (_what, world, held) => {
    const { step, see } = worldOf(world)
    const found = await step.observe(see, signal)
    expect(found.missing).toEqual(held ? [] : MISSING)
    expect(step.unmetRequirement(found)).toBe(
      held ? undefined : 'hub hub1 lacks the CA of policy p'
    )
  })
})

describe('synchronizing', () => {
  test.each<[string, World, SyncFacts, object]>([
    ['is not due when all is held', {}, { missing: [] }, { action: 'keep' }],
    [
      'is due when something is missing',
      {},
      { missing: MISSING },
      { action: 'act', reason: 'hub hub1 lacks the CA of policy p' }
    ],
    [
      'waits for what it reads',
      { late: 'Azure' },
      { missing: MISSING },
      { action: 'await', reason: 'Policy: Azure' }
    ]
  ])('%s', (_what, world, facts, verdict) => {
    const { step, see } = worldOf(world)
    expect(step.judge(facts, see)).toEqual(verdict)
  })

  test.each<[string, World, SyncFacts, readonly boolean[]]>([
    ['holds', {}, { missing: [] }, [true]],
    ['does not hold', {}, { missing: MISSING }, [false]],
    ['is not broken by another hub', {}, { missing: [{ hub: 'other', policy: 'p' }] }, [true]],
    ['is not broken by another policy', {}, { missing: [{ hub: 'hub1', policy: 'q' }] }, [true]],
    ['is none while there is no hub', { hub: false }, { missing: MISSING }, []]
  ])('its check %s', (_what, world, facts, holds) => {
    const { step, see } = worldOf(world)
    expect(step.checks?.(facts, see).map((check) => check.holds)).toEqual(holds)
  })

  const task = (see: ReturnType<typeof seeing>) => ({
    facts: { missing: MISSING },
    see,
    signal,
    ...ALONE,
    progress: () => {},
    verdict: { action: 'act', reason: 'x' } as const
  })

  test.each<[string, World, number | string]>([
    ['is done once when all is held then', { held: [[HELD]] }, 1],
    ['is done again each minute until all is held', { held: [[], [], [], [], [], [HELD]] }, 2],
    [
      'is left to a sync that is running, while that may still serve the hub',
      { held: [[], [], [], [], [], [HELD]], posts: [refused(409, 'Busy')] },
      1
    ],
    [
      'is done after a sync that is running, when that did not serve the hub',
      { held: [[], [], [], [], [], [], [HELD]], posts: [refused(409, 'Busy')] },
      2
    ],
    [
      'is watched when the answer was lost',
      { held: [[], [HELD]], posts: [refused(503, 'Unavailable')] },
      1
    ],
    [
      'is sent again soon when the answer was lost and nothing comes of it',
      { held: [[], [], [HELD]], posts: [refused(503, 'Unavailable')] },
      2
    ],
    [
      'ends with a lock, which no waiting opens',
      { posts: [refused(409, 'ScopeLocked')] },
      'Azure said ScopeLocked'
    ],
    [
      'goes on after an operation that failed',
      { held: [[HELD]], posts: [refused(200, 'Failed', 'no', true)] },
      1
    ],
    [
      'is done again a minute after an operation that failed',
      { held: [[], [], [], [], [], [HELD]], posts: [refused(200, 'Failed', 'no', true)] },
      2
    ],
    [
      'ends with a refusal',
      { held: [[HELD]], posts: [refused(403, 'Denied')] },
      'Azure said Denied'
    ],
    ['ends with a failure', { held: [[HELD]], posts: [new Error('broken')] }, 'broken'],
    ['ends after ten minutes', {}, 'within ten minutes: hub hub1 lacks']
  ])('%s', async (_what, world, posts) => {
    const { step, see, posts: posted } = worldOf(world)
    if (typeof posts === 'string') await expect(step.apply(task(see))).rejects.toThrow(posts)
    else {
      expect(await step.apply(task(see))).toEqual({ missing: [] })
      expect(posted()).toBe(posts)
    }
  })

  test('ends with what Azure said, if it said anything, and the hubs that lack something', async () => {
    const messageOf = async (posts: Error[]) => {
      const { step, see } = worldOf({ posts })
      return (await step.apply(task(see)).catch((error: unknown) => error)) as Error
    }
    const failed = await messageOf(Array.from({ length: 20 }, () => refused(409, 'Busy', 'later')))
    expect(failed.message).toContain('Azure said Busy: later')
    expect(failed.message).toContain(`--scope ${HUB} `)
    expect((await messageOf([])).message).not.toContain('Azure said')
  })

  test.each([503, 429])('does not blame the roles when it was never taken (%p)', async (status) => {
    const posts = Array.from({ length: 60 }, () => refused(status, 'Unavailable'))
    const { step, see } = worldOf({ posts })
    const error = (await step.apply(task(see)).catch((thrown: unknown) => thrown)) as Error
    expect(error.message).toContain('Azure said Unavailable')
    expect(error.message).not.toContain('az role assignment list')
  })

  test('ends as soon as all is held', async () => {
    const { step, see, slept } = worldOf({ held: [[HELD]] })
    await step.apply(task(see))
    expect(slept).toEqual([])
  })
})
