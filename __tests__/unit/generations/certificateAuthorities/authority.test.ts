import { describe, expect, test } from '@jest/globals'
import type {
  AuthoritiesFacts,
  Authority
} from '../../../../src/generations/certificateAuthorities/authorities.ts'
import {
  issuingStep,
  rootStep
} from '../../../../src/generations/certificateAuthorities/authority.ts'
import type {
  CertificateAuthority,
  LinkingNamespace
} from '../../../../src/generations/certificateAuthorities/model.ts'
import type { ArmFacts } from '../../../../src/resources/life.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import {
  ALONE,
  NOW,
  seeing,
  signal,
  standIn,
  target,
  toolsOf,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { NAMESPACE } from './sample.ts'

const DAY = 24 * 3600_000
const authorities = standIn<AuthoritiesFacts>('/authorities')
const namespace = standIn<ArmFacts<LinkingNamespace>>(NAMESPACE)
const parents = { of: target(NAMESPACE), namespace, authorities, links: [], users: () => [] }
const spec = (name: string) => ({ name, leafValidityDays: 30 })

const root = rootStep(toolsOf(), azureOf(), parents)
const issuingOf = (...wished: readonly string[]) =>
  issuingStep(toolsOf(), azureOf(), spec('p'), wished.map(spec), root, parents)

function authority(
  name: string,
  type = 'ICA',
  policies: readonly string[] = [],
  more: object = {},
  owner: Owner = 'ours'
): Authority {
  const id = `${NAMESPACE}/certificateAuthorities/${name}`
  const properties = { certificateAuthorityType: type, ...more }
  return tracked<Authority>(owner, id, {
    properties,
    policies: policies.map((policy) => ({
      id: `${id}/certificatePolicies/${policy}`,
      name: policy
    }))
  })
}

const see = (all: readonly Authority[] = [], owner?: Owner) =>
  seeing([authorities, { all }], [namespace, { resource: owner && tracked(owner, NAMESPACE) }])

const ROOT = authority('root', 'root')
const ISSUING = authority('issuing-p', 'ica')
const found = (one: CertificateAuthority | undefined) => ({ resource: one })

describe('the root CA', () => {
  test.each<[string, Authority | undefined, readonly Authority[], Owner | undefined, object]>([
    ['is made', undefined, [], 'ours', { action: 'create' }],
    ['is made with its namespace', undefined, [], undefined, { action: 'create' }],
    ['of a shared namespace is its owner’s to make', undefined, [], 'shared', { action: 'cannot' }],
    ['is kept', ROOT, [ROOT], 'ours', { action: 'keep' }],
    ['cannot be one that issues', authority('root', 'ICA'), [], 'ours', { action: 'cannot' }],
    [
      'that is shared may be what it is',
      authority('root', 'ICA', [], {}, 'shared'),
      [],
      'ours',
      { action: 'keep' }
    ],
    [
      'under another name serves',
      undefined,
      [authority('theirs', 'Root')],
      'shared',
      { action: 'keep', reason: 'theirs serves' }
    ]
  ])('%s', (_what, resource, all, owner, verdict) => {
    expect(root.judge(found(resource), see(all, owner))).toMatchObject(verdict)
  })
})

describe('the issuing CA of a policy', () => {
  const three = ['a', 'b', 'c'].map((name) => authority(name))
  test.each<[string, readonly string[], Authority | undefined, readonly Authority[], object]>([
    ['is made', ['p'], undefined, [ROOT], { action: 'create' }],
    ['is made as the third', ['p'], undefined, [ROOT, ...three.slice(1)], { action: 'create' }],
    [
      'is not made as the fourth',
      ['p'],
      undefined,
      [ROOT, ...three],
      { action: 'cannot', problems: [{ what: expect.stringContaining('4 issuing CAs') }] }
    ],
    [
      'is not made where others are to come',
      ['p', 'q', 'r'],
      undefined,
      [authority('a')],
      { action: 'cannot' }
    ],
    [
      'is made where the others are there',
      ['p', 'q', 'r'],
      undefined,
      [authority('issuing-q'), authority('issuing-r')],
      { action: 'create' }
    ],
    ['is kept', ['p'], ISSUING, [ISSUING], { action: 'keep' }],
    ['cannot be a root', ['p'], authority('issuing-p', 'Root'), [], { action: 'cannot' }],
    [
      'under another name serves by its policy',
      ['p'],
      undefined,
      [authority('x', 'ICA', ['P'])],
      { action: 'keep', reason: 'x serves' }
    ]
  ])('%s', (_what, wished, resource, all, verdict) => {
    expect(issuingOf(...wished).judge(found(resource), see(all, 'ours'))).toMatchObject(verdict)
  })

  test('of a shared namespace is its owner’s to make', () => {
    expect(issuingOf('p').judge(found(undefined), see([], 'shared')).action).toBe('cannot')
  })

  test.each<[string, readonly Authority[], string]>([
    ['root, even of another name', [authority('theirs', 'Root')], 'theirs'],
    ['root that is to be made', [], 'root']
  ])('is signed by the %s', async (_what, all, name) => {
    const bodies: { properties?: { issuer?: object } }[] = []
    const put = (_id: string, { body }: { body: object }) => void bodies.push(body)
    const tools = toolsOf({}, { put, get: () => (bodies.length === 0 ? undefined : ISSUING) })
    const step = issuingStep(tools, azureOf(), spec('p'), [], root, parents)
    const task = {
      facts: found(undefined),
      see: see(all, 'ours'),
      signal,
      ...ALONE,
      progress: () => {}
    }
    await step.apply({ ...task, verdict: { action: 'create' } }).catch(() => undefined)
    expect(bodies[0]?.properties?.issuer).toMatchObject({
      certificateAuthorityResourceId: `${NAMESPACE}/certificateAuthorities/${name}`
    })
  })
})

describe('a CA', () => {
  test.each<[string, object, readonly boolean[], boolean | undefined]>([
    ['that tells nothing is provisioned', {}, [true], undefined],
    [
      'that lives long is well',
      { validityNotAfter: new Date(NOW + 61 * DAY).toISOString() },
      [true, true],
      true
    ],
    [
      'that ends soon is told of',
      { validityNotAfter: new Date(NOW + 60 * DAY).toISOString() },
      [true, false],
      true
    ],
    [
      'that has ended is broken',
      { validityNotAfter: new Date(NOW).toISOString() },
      [true, false],
      false
    ],
    ['that is active is well', { issuer: { status: 'Active' } }, [true, true], undefined],
    [
      'that waits for its owner is not',
      { issuer: { status: 'PendingActivation' } },
      [true, false],
      undefined
    ]
  ])('%s', (_what, properties, holds, warning) => {
    const checks = root.checks?.(found(authority('root', 'Root', [], properties)), see())
    expect(checks?.map((check) => check.holds)).toEqual(holds)
    expect(checks?.at(-1)?.warning).toBe(warning)
  })

  test('that serves in another’s stead is what is seen, and is left', async () => {
    const theirs = authority('theirs', 'Root')
    expect(await root.observe(see([theirs]), signal)).toEqual(found(theirs))
    expect(await root.observe(see([ROOT]), signal)).toEqual(found(ROOT))
    const judge = (one: Authority) => root.teardown?.judge(found(one), see([one]), () => false)
    expect([judge(ROOT)?.action, judge(theirs)]).toEqual(['remove', undefined])
  })

  test('is put out under a name of its kind', () => {
    expect(Object.keys(root.outputs?.(found(ROOT)) ?? {})).toEqual([
      'root-certificate-authority-id'
    ])
    expect(Object.keys(issuingOf('p').outputs?.(found(ISSUING)) ?? {})).toEqual([
      'certificate-authority-id'
    ])
  })
})
