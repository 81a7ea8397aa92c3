import { describe, expect, test } from '@jest/globals'
import {
  type Credential,
  credentialStep
} from '../../../../src/generations/credentialsAndPolicies/credential.ts'
import type { Policy } from '../../../../src/resources/model.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import type { NamespaceFacts } from '../../../../src/steps/namespace.ts'
import {
  HUB,
  NAMESPACE,
  seeing,
  seeNothing,
  signal,
  standIn,
  takeDown,
  target,
  toolsOf,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'

const CREDENTIAL = `${NAMESPACE}/credentials/default`
const namespace = standIn<NamespaceFacts>(NAMESPACE)
const policy = (name: string, owner: Owner = 'ours') =>
  tracked<Policy>(owner, `${CREDENTIAL}/policies/${name}`)
const users = [standIn(HUB)]

function stepOf(certificates = true, found?: readonly Policy[], tools = toolsOf()) {
  const azure = azureOf({
    get: () => found && tracked('ours', CREDENTIAL),
    list: () => found ?? []
  })
  const options = {
    subscriptionId: 's',
    namespace: target(NAMESPACE),
    location: 'westeurope',
    certificates,
    policies: [{ name: 'p', leafValidityDays: 30 }]
  }
  return credentialStep(tools, azure, options, namespace, () => users)
}

const credential = (...policies: readonly Policy[]): Credential =>
  tracked<Credential>('ours', CREDENTIAL, { policies })

describe('a credential', () => {
  test.each<[string, boolean, Credential | undefined, Owner | undefined, string]>([
    ['is made', true, undefined, 'ours', 'create'],
    ['is made with its namespace', true, undefined, undefined, 'create'],
    ['of a shared namespace is its owner’s to make', true, undefined, 'shared', 'cannot'],
    ['is kept', true, credential(), 'ours', 'keep'],
    ['is left alone without certificates', false, undefined, 'ours', 'keep']
  ])('%s', (_what, certificates, resource, owner, action) => {
    const see = seeing([namespace, { resource: owner && tracked(owner, NAMESPACE) }])
    expect(stepOf(certificates).judge({ resource }, see).action).toBe(action)
  })

  test.each<[string, boolean, readonly string[]]>([
    ['the policies that are not wanted', true, ['other']],
    [
      'itself and the policies that are not wanted, without certificates',
      false,
      ['default', 'other']
    ]
  ])('lists as not managed %s', (_what, certificates, names) => {
    const unmanaged = stepOf(certificates).unmanaged?.({
      resource: credential(policy('P'), policy('other'))
    })
    expect(unmanaged?.map(({ resource }) => resource.split('/').at(-1))).toEqual(names)
  })

  test('is found with its policies', async () => {
    const facts = await stepOf(true, [policy('p')]).observe(
      seeing([namespace, { resource: tracked('ours', NAMESPACE) }]),
      signal
    )
    expect(facts.resource?.policies).toHaveLength(1)
  })

  test('that is to go is kept by policies of others and by who uses its namespace, until its users are gone', async () => {
    const purpose = takeDown({ usersOf: async () => [{ kind: 'IoT hub', resource: HUB }] })
    const step = stepOf(true, [policy('p'), policy('theirs', 'shared')], toolsOf({ purpose }))
    const { contents } = await step.observe(seeNothing, signal)
    expect(contents).toEqual([
      { kind: 'Policy', resource: `${CREDENTIAL}/policies/theirs` },
      { kind: 'IoT hub', resource: HUB, uses: [CREDENTIAL] }
    ])
    expect(step.teardown?.goesAfter?.()).toBe(users)
  })
})
