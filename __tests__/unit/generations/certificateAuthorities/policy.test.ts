import { describe, expect, test } from '@jest/globals'
import type {
  AuthoritiesFacts,
  Authority
} from '../../../../src/generations/certificateAuthorities/authorities.ts'
import type { AuthorityFacts } from '../../../../src/generations/certificateAuthorities/authority.ts'
import type { CertificatePolicy } from '../../../../src/generations/certificateAuthorities/model.ts'
import {
  type PolicyFacts,
  policyStep
} from '../../../../src/generations/certificateAuthorities/policy.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import {
  ALONE,
  CLAIM,
  refused,
  seeing,
  signal,
  standIn,
  target,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { NAMESPACE } from './sample.ts'

const ISSUING = `${NAMESPACE}/certificateAuthorities/issuing-p`
const POLICY = `${ISSUING}/certificatePolicies/p`
const authorities = standIn<AuthoritiesFacts>('/authorities')
const issuing = standIn<AuthorityFacts>(ISSUING)

interface World {
  readonly issuing?: Owner | undefined
  readonly policies?: readonly CertificatePolicy[]
  readonly looks?: readonly (CertificatePolicy | undefined)[]
  readonly writes?: readonly (Error | undefined)[]
}

function policy(properties: object = {}, id = POLICY): CertificatePolicy {
  const certificate = { validityPeriodInDays: 30 }
  return {
    id,
    name: 'P',
    properties: { provisioningState: 'Succeeded', certificate, ...properties }
  }
}

function worldOf({ issuing: owner, policies = [], looks = [], writes = [] }: World = {}) {
  const all: readonly Authority[] = owner ? [tracked<Authority>(owner, ISSUING, { policies })] : []
  const see = seeing(
    [authorities, { all }],
    [issuing, { resource: owner && tracked(owner, ISSUING) }]
  )
  const [seen, answers, log] = [[...looks], [...writes], [] as string[]]
  const write =
    (method: string) =>
    (_id: string, { body }: { body: object }) => {
      log.push('location' in body ? `${method} located` : method)
      const failure = answers.shift()
      if (failure) throw failure
    }
  const azure = azureOf({
    get: () => (seen.length > 1 ? seen.shift() : seen[0]),
    put: write('put'),
    patch: write('patch')
  })
  const step = policyStep(
    azure,
    CLAIM,
    { name: 'p', leafValidityDays: 30 },
    {
      of: target(NAMESPACE),
      authorities,
      issuing,
      users: () => []
    }
  )
  return { step, see, log }
}

const facts = (found: CertificatePolicy | undefined, ours = true): PolicyFacts => ({
  policy: found,
  ours
})
const FAILED = policy({ provisioningState: 'Failed' })
const UPDATING = policy({ provisioningState: 'Updating' })
const OTHER_DAYS = policy({ certificate: { validityPeriodInDays: 7 } })
const OTHER = policy({}, `${ISSUING}/certificatePolicies/q`)

describe('a certificate policy', () => {
  test.each<[string, PolicyFacts, World, object]>([
    ['is made', facts(undefined), {}, { action: 'create' }],
    ['is made below a CA of ours', facts(undefined), { issuing: 'ours' }, { action: 'create' }],
    [
      'below a shared CA is its owner’s to make',
      facts(undefined, false),
      { issuing: 'shared' },
      { action: 'cannot', problems: [{ what: expect.stringContaining('is shared') }] }
    ],
    [
      'is not made beside another',
      facts(undefined),
      { issuing: 'ours', policies: [OTHER] },
      { action: 'cannot', problems: [{ what: expect.stringContaining('can have only one') }] }
    ],
    ['is kept', facts(policy()), {}, { action: 'keep' }],
    ['of other days is changed', facts(OTHER_DAYS), {}, { action: 'change' }],
    [
      'of a shared CA is its owner’s',
      facts(OTHER_DAYS, false),
      {},
      { action: 'keep', reason: 'shared' }
    ],
    [
      'of a shared CA is kept as it is',
      facts(policy(), false),
      {},
      { action: 'keep', reason: 'shared' }
    ],
    ['that failed is made again', facts(FAILED), {}, { action: 'act' }],
    ['of a shared CA that failed is waited for', facts(FAILED, false), {}, { action: 'await' }],
    ['that Azure works on is waited for', facts(UPDATING), {}, { action: 'await' }]
  ])('%s', (_what, found, world, verdict) => {
    const { step, see } = worldOf(world)
    const judged = step.judge(found, see)
    expect(judged).toMatchObject(verdict)
    if (judged.action === 'keep') expect(judged).toEqual(verdict)
  })

  test.each<[string, World, PolicyFacts]>([
    ['below its CA, without case', { issuing: 'ours', policies: [OTHER, policy()] }, facts(OTHER)],
    ['nowhere else', { issuing: 'ours', policies: [{ ...policy(), name: 'q' }] }, facts(undefined)],
    ['nowhere without a CA', {}, facts(undefined)],
    [
      'as its owner’s below a shared CA',
      { issuing: 'shared', policies: [policy()] },
      facts(policy(), false)
    ]
  ])('is found %s', async (_where, world, found) => {
    const { step, see } = worldOf(world)
    expect(await step.observe(see, signal)).toEqual(found)
  })

  test.each<[string, CertificatePolicy | undefined, string | undefined, readonly boolean[]]>([
    ['that is missing', undefined, 'does not exist', []],
    ['that is there', policy(), undefined, [true]],
    ['that is not ready', UPDATING, 'Azure to have it ready (its state is Updating)', [false]]
  ])('%s serves, and is checked', (_which, found, unmet, holds) => {
    const { step, see } = worldOf()
    expect(step.unmetRequirement(facts(found))).toBe(unmet)
    expect(step.checks?.(facts(found), see).map((check) => check.holds)).toEqual(holds)
    expect(Object.keys(step.outputs?.(facts(found)) ?? {})).toHaveLength(found ? 1 : 0)
  })

  test.each<[string, PolicyFacts, string | undefined]>([
    ['that is not there is none', facts(undefined), undefined],
    ['of ours is its removal', facts({ ...policy(), id: POLICY.toUpperCase() }), 'remove'],
    ['of a shared CA is none', facts(policy(), false), 'leave'],
    ['below a CA of another name is none', facts(OTHER), 'leave']
  ])('the end of one %s', (_what, found, action) => {
    const { step, see } = worldOf({ issuing: 'ours' })
    expect(step.teardown?.judge(found, see, () => false)?.action).toBe(action)
  })
})

describe('a write of a certificate policy', () => {
  const CREATE = { action: 'create' } as const
  const CHANGE = { action: 'change', changes: [] } as const
  test.each<[string, World, typeof CREATE | typeof CHANGE, readonly string[] | string]>([
    ['makes it', { looks: [undefined, policy()] }, CREATE, ['put']],
    ['makes none that is there', { looks: [policy()] }, CREATE, []],
    ['makes one that failed again', { looks: [FAILED, policy()] }, CREATE, ['put']],
    ['changes it', { looks: [policy()] }, CHANGE, ['patch']],
    [
      'waits for it to show, and to be ready',
      { looks: [undefined, undefined, UPDATING, policy()] },
      CREATE,
      ['put']
    ],
    [
      'ends when it comes to nothing',
      { looks: [undefined, FAILED] },
      CREATE,
      'has not finished Certificate policy'
    ],
    [
      'gives a location where Azure wants one, by code',
      { looks: [undefined, policy()], writes: [refused(400, 'LocationRequired')] },
      CREATE,
      ['put', 'put located']
    ],
    [
      'gives a location where Azure wants one, by words',
      {
        looks: [undefined, policy()],
        writes: [refused(400, 'Bad', 'The location property is required')]
      },
      CREATE,
      ['put', 'put located']
    ],
    [
      'gives none after another refusal',
      { looks: [undefined], writes: [refused(400, 'Bad')] },
      CREATE,
      'Azure said Bad'
    ],
    [
      'gives none by code alone',
      { looks: [undefined], writes: [refused(403, 'LocationRequired')] },
      CREATE,
      'Azure said LocationRequired'
    ],
    [
      'is tried again after a lost answer',
      { looks: [undefined, undefined, policy()], writes: [refused(500, 'x')] },
      CREATE,
      ['put', 'put']
    ],
    [
      'is tried again while Azure is busy',
      { looks: [undefined, undefined, policy()], writes: [refused(409, 'InProgress')] },
      CREATE,
      ['put', 'put']
    ],
    [
      'is not tried again after a failure',
      { looks: [undefined], writes: [new Error('broken')] },
      CREATE,
      'broken'
    ]
  ])('%s', async (_what, world, verdict, writes) => {
    const { step, see, log } = worldOf({ issuing: 'ours', ...world })
    const task = { verdict, facts: facts(undefined), see, signal, ...ALONE, progress: () => {} }
    if (typeof writes === 'string') await expect(step.apply(task)).rejects.toThrow(writes)
    else {
      expect(await step.apply(task)).toEqual(facts(policy()))
      expect(log).toEqual(writes)
    }
  })
})
