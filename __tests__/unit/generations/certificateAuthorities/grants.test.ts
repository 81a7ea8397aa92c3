import { expect, test } from '@jest/globals'
import { Grants } from '../../../../src/generations/certificateAuthorities/grants.ts'
import type { LinkingNamespace } from '../../../../src/generations/certificateAuthorities/model.ts'
import type { ArmFacts } from '../../../../src/resources/life.ts'
import type { GrantSpec } from '../../../../src/settings/settings.ts'
import type { DpsFacts } from '../../../../src/steps/dps.ts'
import type { HubFacts } from '../../../../src/steps/hub.ts'
import { seeing, signal, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { DPS, HUB, hubEndpoint, NAMESPACE, namespaceWith, PRINCIPAL } from './sample.ts'

const namespace = standIn<ArmFacts<LinkingNamespace>>(NAMESPACE)
const dps = standIn<DpsFacts>(DPS)
const hub = standIn<HubFacts>(HUB)
const ALL = { manage: true, issueCertificates: true, registerDevices: true } as GrantSpec
const permissions = { allows: async () => true, readsOnly: async () => false }

function stepsOf(spec: Partial<GrantSpec> = {}, list: () => readonly object[] = () => []) {
  const azure = azureOf({ list }, { permissions })
  const resources = { of: target(NAMESPACE), namespace, dpsTarget: target(DPS), dps }
  const grants = new Grants(azure, { ...ALL, ...spec }, resources)
  const ofHub = grants.ofHub({ ...target(HUB), location: undefined }, hub)
  return [...grants.ofNamespace, ...grants.ofDps, ...ofHub]
}

const own = (principalId: string) => ({ identity: { type: 'SystemAssigned', principalId } })
const ATTACHED = {
  identity: {
    type: 'UserAssigned',
    principalId: 'own',
    userAssignedIdentities: { '/u': { principalId: 'u' } }
  }
}
const BY_USER = hubEndpoint({
  inboundCallerIdentity: { type: 'UserAssigned', userAssignedIdentity: '/u' }
})

interface World {
  readonly namespace?: LinkingNamespace | undefined
  readonly dps?: object | undefined
  readonly hub?: object | undefined
}

function see({ namespace: ofNamespace, dps: ofDps, hub: ofHub }: World) {
  return seeing(
    [namespace, { resource: ofNamespace }],
    [dps, { resource: ofDps && tracked('ours', DPS, ofDps) }],
    [hub, { resource: ofHub && tracked('ours', HUB, ofHub) }]
  )
}

/** Each grant with its principal, in the order of the matrix. */
async function principals(world: World): Promise<readonly (string | undefined)[]> {
  const facts = await Promise.all(stepsOf().map((step) => step.observe(see(world), signal)))
  return facts.map(({ principalId }) => principalId)
}

test.each<[string, World, readonly (string | undefined)[]]>([
  ['nobody while nothing is there', {}, Array(6).fill(undefined)],
  [
    'the namespace on itself, on hub and DPS',
    { namespace: namespaceWith({}) },
    [PRINCIPAL, PRINCIPAL, undefined, PRINCIPAL, undefined, undefined]
  ],
  [
    'the DPS on namespace and hub',
    { dps: own('d') },
    [undefined, undefined, 'd', undefined, undefined, 'd']
  ],
  [
    'the hub on the namespace',
    { hub: own('h') },
    [undefined, undefined, undefined, undefined, 'h', undefined]
  ],
  [
    'the hub by the identity that it is linked with',
    { namespace: namespaceWith({}, { h: BY_USER }), hub: ATTACHED },
    [PRINCIPAL, PRINCIPAL, undefined, PRINCIPAL, 'u', undefined]
  ]
])('rights go to %s', async (_whom, world, wanted) => {
  expect(await principals(world)).toEqual(wanted)
})

test.each<[string, World, readonly boolean[]]>([
  ['nothing is', {}, [false, false, false, false, false, false]],
  [
    'all is',
    { namespace: namespaceWith({}), dps: own('d'), hub: own('h') },
    [true, true, true, true, true, true]
  ],
  ['the namespace is', { namespace: namespaceWith({}) }, [true, false, false, false, false, false]],
  [
    'namespace and hub are',
    { namespace: namespaceWith({}), hub: own('h') },
    [true, false, false, true, true, false]
  ]
])('what is granted is asked for where %s there', async (_what, world, wanted) => {
  const found: boolean[] = []
  for (const nth of stepsOf().keys()) {
    let asked = false
    const list = () => {
      asked = true
      return []
    }
    await stepsOf({}, list)[nth]?.observe(see(world), signal)
    found.push(asked)
  }
  expect(found).toEqual(wanted)
})

test.each<[string, Partial<GrantSpec>, readonly string[]]>([
  ['all', {}, ['1', '1', '2', '2', '1', '1']],
  ['all but to issue certificates', { issueCertificates: false }, ['1', '1', '1', '2', '1', '1']],
  ['all but to register devices', { registerDevices: false }, ['1', '1', '2', '2', '1']],
  ['none where an administrator gives them', { manage: false }, []]
])('roles that are given: %s', async (_what, spec, counts) => {
  const facts = await Promise.all(stepsOf(spec).map((step) => step.observe(see({}), signal)))
  expect(facts.map(({ missing }) => `${missing.length}`)).toEqual(counts)
})
