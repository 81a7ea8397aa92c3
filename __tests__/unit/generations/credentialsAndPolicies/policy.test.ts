import { describe, expect, test } from '@jest/globals'
import type { CredentialFacts } from '../../../../src/generations/credentialsAndPolicies/credential.ts'
import { policyStep } from '../../../../src/generations/credentialsAndPolicies/policy.ts'
import type { Policy } from '../../../../src/resources/model.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import type { NamespaceFacts } from '../../../../src/steps/namespace.ts'
import {
  ALONE,
  NAMESPACE,
  NOW,
  refused,
  seeing,
  signal,
  standIn,
  target,
  toolsOf,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'

const CREDENTIAL = `${NAMESPACE}/credentials/default`
const POLICY = `${CREDENTIAL}/policies/p`
const DAY = 24 * 3600_000
const namespace = standIn<NamespaceFacts>(NAMESPACE)
const credential = standIn<CredentialFacts>(CREDENTIAL)

interface Certificate {
  readonly days?: number | undefined
  readonly subject?: string | undefined
  readonly endsIn?: number | undefined
}

function policy(certificate: Certificate = {}, owner: Owner = 'ours'): Policy {
  const { days, subject, endsIn } = {
    days: 30,
    subject: 'CN=abc',
    endsIn: undefined,
    ...certificate
  }
  return tracked<Policy>(owner, POLICY, {
    properties: {
      certificate: {
        certificateAuthorityConfiguration: {
          ...(subject && { subject }),
          ...(endsIn !== undefined && { validityNotAfter: new Date(NOW + endsIn).toISOString() })
        },
        leafCertificateConfiguration: { ...(days !== undefined && { validityPeriodInDays: days }) }
      }
    }
  })
}

function stepOf(put?: () => never, wished: readonly string[] = ['p']) {
  return policyStep(
    toolsOf({}, { get: () => undefined, ...(put && { put }) }),
    azureOf(),
    { name: 'p', leafValidityDays: 30 },
    {
      of: target(NAMESPACE),
      wished: wished.map((name) => ({ name, leafValidityDays: 30 })),
      namespace,
      credential
    }
  )
}

const seen = (owner: Owner | undefined, policies: readonly Policy[] = []) =>
  seeing(
    [namespace, { resource: owner && tracked(owner, NAMESPACE) }],
    [credential, { resource: tracked('ours', CREDENTIAL, { policies } as object) }]
  )

describe('a policy', () => {
  test.each<[string, Policy | undefined, Owner | undefined, object]>([
    ['is made', undefined, 'ours', { action: 'create' }],
    ['is made with its namespace', undefined, undefined, { action: 'create' }],
    ['of a shared namespace is its owner’s to make', undefined, 'shared', { action: 'cannot' }],
    ['is kept', policy(), 'ours', { action: 'keep' }],
    ['of other days is changed', policy({ days: 7 }), 'ours', { action: 'change' }],
    [
      'of other days that is shared is its owner’s',
      policy({ days: 7 }, 'shared'),
      'shared',
      { action: 'keep' }
    ],
    [
      'is waited for until its subject is told',
      policy({ subject: '' }),
      'ours',
      { reason: 'Azure to tell the subject of its CA' }
    ]
  ])('%s', (_what, resource, owner, verdict) => {
    expect(stepOf().judge({ resource }, seen(owner))).toMatchObject(verdict)
  })

  test('is found in the list of its credential, whatever the case', async () => {
    const other = { ...policy(), name: 'other' }
    const named = { ...policy(), name: 'P' }
    const step = stepOf()
    expect((await step.observe(seen('ours', [other, named]), signal)).resource).toBe(named)
    expect((await step.observe(seen('ours', [other]), signal)).resource).toBeUndefined()
  })

  test.each<[string, Certificate, readonly object[]]>([
    ['outlives two leaf certificates', { endsIn: 61 * DAY }, [{ holds: true, warning: true }]],
    ['ends with two leaf certificates', { endsIn: 60 * DAY }, [{ holds: false, warning: true }]],
    ['has ended', { endsIn: 0 }, [{ holds: false, warning: false }]],
    ['tells no end', {}, []],
    ['tells no days', { endsIn: 61 * DAY, days: undefined }, []]
  ])('whose CA %s is checked for that', (_what, certificate, checks) => {
    const found = stepOf().checks?.({ resource: policy(certificate) }, seen('ours'))
    expect(found?.slice(1)).toEqual(checks.map((one) => expect.objectContaining(one)))
  })

  test.each<[string, readonly string[], readonly Policy[], boolean]>([
    ['beside one that is there', ['p'], [{ ...policy(), name: 'q' }], true],
    ['beside one that is wanted', ['P', 'q'], [], true],
    ['alone', ['p'], [{ ...policy(), name: 'P' }], false]
  ])(
    'that is refused for a limit %s is a second one, or not',
    async (_where, wished, there, second) => {
      const step = stepOf(() => {
        throw refused(400, 'QuotaExceeded')
      }, wished)
      const see = seen('ours', there)
      const task = {
        facts: { resource: undefined },
        see,
        signal,
        ...ALONE,
        progress: () => {},
        verdict: { action: 'create' } as const
      }
      const error = (await step.apply(task).catch((caught: unknown) => caught)) as Error
      expect(error.name).toBe(second ? 'SecondPolicyError' : 'AzureError')
    }
  )
})
