import { describe, expect, test } from '@jest/globals'
import type { PrincipalLookup } from '../../../src/azure/clients/graph.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import type { GrantSpec } from '../../../src/settings/settings.ts'
import { type HubAppGrantFacts, hubAppGrantStep } from '../../../src/steps/hubAppGrant.ts'
import type { ProviderFacts } from '../../../src/steps/providers.ts'
import { CONTRIBUTOR } from '../../../src/steps/roles.ts'
import { CLAIM, GROUP, seeing, signal, standIn } from '../resources/sample.ts'
import { azureOf, groupFacts } from './sample.ts'

const FOUND: PrincipalLookup = { objectId: 'o' }
const ABSENT: PrincipalLookup = { objectId: undefined, reason: 'not there', refused: false }
const REFUSED: PrincipalLookup = { objectId: undefined, reason: 'refused', refused: true }

interface World {
  readonly hubApp?: GrantSpec['hubApp']
  readonly objectId?: string
  readonly owner?: Owner | undefined
  /** Providers are not registered yet, which brings the application. */
  readonly mayCome?: boolean
  readonly lookup?: PrincipalLookup
  /** Assignments on the group. */
  readonly held?: readonly object[]
}

function worldOf({
  hubApp = 'optional',
  objectId,
  owner,
  mayCome = false,
  lookup = ABSENT,
  held = []
}: World) {
  const ofGroup = standIn<{ resource: undefined }>(GROUP, {
    unmetRequirement: ({ resource }) => (resource === undefined ? 'does not exist' : undefined)
  })
  const providers = standIn<ProviderFacts>('/providers', {
    unmetRequirement: () => (mayCome ? 'not registered' : undefined)
  })
  const azure = azureOf(
    { list: () => held },
    {
      graph: { servicePrincipal: async () => lookup },
      permissions: { allows: async () => true, readsOnly: async () => false }
    }
  )
  const step = hubAppGrantStep(
    azure,
    CLAIM,
    { hubApp, hubAppObjectId: objectId },
    { providers, group: ofGroup as never }
  )
  return { step, see: seeing([ofGroup, groupFacts(owner)], [providers, {}]) }
}

const facts = (
  lookup: PrincipalLookup,
  more: Partial<HubAppGrantFacts> = {}
): HubAppGrantFacts => ({
  principalId: lookup.objectId,
  missing: [CONTRIBUTOR],
  held: [],
  mayGrant: true,
  lookup,
  ...more
})

describe('the grant to the IoT Hub application', () => {
  test.each<[string, World, HubAppGrantFacts, string]>([
    ['is made', {}, facts(FOUND), 'create'],
    ['is kept', {}, facts(FOUND, { missing: [] }), 'keep'],
    ['is kept whoever has it', {}, facts(REFUSED, { missing: [] }), 'keep'],
    ['on a group of ours is made', { owner: 'ours' }, facts(FOUND), 'create'],
    ['on a shared group is not made', { owner: 'shared' }, facts(FOUND), 'keep'],
    [
      'that is required is made on a shared group',
      { owner: 'shared', hubApp: 'required' },
      facts(FOUND),
      'create'
    ],
    ['that may not be made is skipped', {}, facts(FOUND, { mayGrant: false }), 'skip'],
    [
      'that is required and may not be made stops',
      { hubApp: 'required' },
      facts(FOUND, { mayGrant: false }),
      'cannot'
    ],
    ['is skipped while the application is not there', {}, facts(ABSENT), 'skip'],
    ['is made where the application is still to come', { mayCome: true }, facts(ABSENT), 'create'],
    ['is skipped where the directory refused to tell', { mayCome: true }, facts(REFUSED), 'skip'],
    [
      'that is required stops without the application',
      { hubApp: 'required' },
      facts(ABSENT),
      'cannot'
    ],
    [
      'that is required stops where the directory refused',
      { hubApp: 'required' },
      facts(REFUSED),
      'cannot'
    ]
  ])('%s', (_what, world, found, action) => {
    const { step, see } = worldOf(world)
    expect(step.judge(found, see).action).toBe(action)
  })

  test.each<[GrantSpec['hubApp'], boolean]>([
    ['optional', true],
    ['required', false]
  ])('that is %s is optional: %s', (hubApp, optional) => {
    expect(worldOf({ hubApp }).step.optional).toBe(optional)
  })

  test.each<[string, World, number]>([
    ['on a group of ours', { owner: 'ours' }, 1],
    ['on a shared group, by nobody', { owner: 'shared' }, 0],
    ['on a shared group, where it is required', { owner: 'shared', hubApp: 'required' }, 1]
  ])('is checked %s', (_where, world, count) => {
    const { step, see } = worldOf(world)
    expect(step.checks?.(facts(FOUND), see)).toHaveLength(count)
  })

  test.each<[string, World, Partial<HubAppGrantFacts>]>([
    [
      'by an object id that was given',
      { objectId: 'given', owner: 'ours' },
      { lookup: { objectId: 'given' }, principalId: 'given' }
    ],
    ['in the directory', { lookup: FOUND, owner: 'ours' }, { lookup: FOUND, principalId: 'o' }],
    [
      'on a group that is not there yet',
      { lookup: FOUND },
      { lookup: FOUND, missing: [CONTRIBUTOR] }
    ]
  ])('is looked up %s', async (_how, world, found) => {
    const { step, see } = worldOf(world)
    expect(await step.observe(see, signal)).toMatchObject(found)
  })
})

test.each<[string, Owner | undefined, number]>([
  ['is held on a group that is there', 'ours', 0],
  ['is missing on a group that is not', undefined, 1]
])('the grant to the IoT Hub application %s', async (_what, owner, missing) => {
  const held = {
    id: `${GROUP}/providers/Microsoft.Authorization/roleAssignments/n`,
    properties: { roleDefinitionId: `/x/${CONTRIBUTOR.id}`, principalId: 'o' }
  }
  const { step, see } = worldOf({ lookup: FOUND, owner, held: [held] })
  expect((await step.observe(see, signal)).missing).toHaveLength(missing)
})
