import { expect, test } from '@jest/globals'
import type { EnrollmentGroup } from '../../../src/azure/clients/enrollmentGroup.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import type { HubSpec } from '../../../src/settings/settings.ts'
import { EnrollmentGroupOwner } from '../../../src/steps/enrollmentGroupOwner.ts'
import type { HubFacts } from '../../../src/steps/hub.ts'
import { CLAIM, HUB, seeing, standIn, target, tracked } from '../resources/sample.ts'
import { azureOf } from './sample.ts'

const OURS = 'hub1.azure-devices.net'

function ownerOf(hub: Owner | 'missing', given = false) {
  const spec: HubSpec = { ...target(HUB, { given }), location: undefined }
  const step = standIn<HubFacts>(HUB)
  const whose = new EnrollmentGroupOwner(azureOf(), CLAIM, new Map([[spec, step]]))
  const facts: HubFacts = { resource: hub === 'missing' ? undefined : tracked(hub, HUB) }
  return { whose, see: seeing([step, facts]) }
}

const listing = (iotHubs?: readonly string[], type = 'symmetricKey'): EnrollmentGroup => ({
  enrollmentGroupId: 'g',
  attestation: { type },
  ...(iotHubs && { iotHubs })
})

test.each<[string, Owner | 'missing', boolean, readonly string[] | undefined, boolean]>([
  ['a hub of ours', 'ours', false, [OURS.toUpperCase()], true],
  ['a hub that we are about to make', 'missing', false, [OURS], true],
  ['a hub that is not there, of a name that was given', 'missing', true, [OURS], false],
  ['a hub that is shared', 'shared', false, [OURS], false],
  ['a hub of ours and another', 'ours', false, [OURS, 'other.x'], false],
  ['no hub', 'ours', false, [], false],
  ['no hub at all', 'ours', false, undefined, false]
])('a group that lists %s lists only ours: %#', (_what, hub, given, listed, only) => {
  const { whose, see } = ownerOf(hub, given)
  expect(whose.listsOnlyOurs(listing(listed), see)).toBe(only)
})

const SPEC = { name: 'g', policy: undefined }

test.each<[string, Owner | 'missing', EnrollmentGroup, boolean | undefined, string | undefined]>([
  ['that lists our hubs is ours', 'ours', listing([OURS]), undefined, undefined],
  ['that was recognised by its name is ours', 'ours', listing([OURS]), true, undefined],
  ['of an unknown name is not', 'ours', listing([OURS]), false, 'its name is neither derived'],
  ['that lists no hub is not', 'ours', listing([]), undefined, 'serves all'],
  ['that says nothing of hubs is not', 'ours', listing(), undefined, 'serves all'],
  [
    'that lists a shared hub is not',
    'shared',
    listing([OURS]),
    undefined,
    'not this environment’s'
  ],
  [
    'that lists a hub which is gone is not',
    'missing',
    listing([OURS]),
    undefined,
    'not this environment’s'
  ],
  ['of another attestation is not', 'ours', listing([OURS], 'x509'), undefined, 'attestation']
])('on a DPS of somebody else’s, a group %s', (_what, hub, group, recognised, why) => {
  const { whose, see } = ownerOf(hub)
  const spec = recognised === undefined ? SPEC : { ...SPEC, recognised }
  const reason = whose.notProven(spec, group, see)
  if (why === undefined) expect(reason).toBeUndefined()
  else expect(reason).toContain(why)
})
