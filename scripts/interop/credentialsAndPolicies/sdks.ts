import { at } from '../facts.ts'
import { readBySdks } from '../sdks.ts'
import { planOf, type Stage, sent, stepsTo, succeeded, writes } from '../stage.ts'
import { HUBS, MODEL, SERVICES } from './versions.ts'

const INPUTS = {
  ...MODEL,
  environment: 'sdks',
  location: 'westeurope',
  'hub-location': 'northeurope',
  tags: 'team=iot'
}

/** Microsoft's Python SDKs read with their own models what the action made; what they change is found by the next run. */
export async function bySdks(stage: Stage): Promise<void> {
  const { run, of, seen, certificate, bodies, fields, agree } = await readBySdks(
    stage,
    'credentials_and_policies.py',
    INPUTS,
    { policy: 'default', hubs: HUBS, services: SERVICES }
  )
  const credential = sent(run, '/credentials/default')
  fields('credential', {
    id: of('credential-id'),
    location: credential.location,
    tags: credential.tags,
    'properties.provisioningState': 'Succeeded'
  })
  const policy = sent(run, '/policies/default')
  agree('policies | how many', 1, seen.policies.length)
  for (const place of [
    'properties.certificate.certificateAuthorityConfiguration.keyType',
    'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
  ])
    agree(`policies | ${place}`, at(policy, place), at(seen.policies[0], place))

  fields('hub', {
    'sku.tier': 'Generation2',
    'properties.deviceRegistry.identityResourceId': of('identity-id')
  })
  agree(
    'certificates | the policy of each',
    `${of('credential-id')}/policies/default`,
    certificate?.properties.PolicyResourceId
  )
  agree('key | name', 'iothubowner', seen.key.keyName)
  fields('dps', {
    tags: bodies.dps.tags,
    'properties.iotHubs[0].name': of('hub-hostname'),
    'properties.iotHubs[0].location': 'northeurope',
    'properties.deviceRegistryNamespace.resourceId': of('namespace-id'),
    'properties.deviceRegistryNamespace.selectedUserAssignedIdentityResourceId': of('identity-id')
  })
  agree(
    'a version that is not offered',
    [400, 'NoRegisteredProviderFound'],
    seen.hubsOfItsOwnVersion
  )

  agree(
    'changed | policy',
    60,
    at(
      seen.changed.policy,
      'properties.certificate.leafCertificateConfiguration.validityPeriodInDays'
    )
  )
  const next = succeeded(await stage.run(INPUTS))
  agree('next run | what differs', stepsTo(next, 'change', 'create', 'act'), ['policy/default'])
  agree(
    'next run | in which properties',
    planOf(next).flatMap(({ action, changes = [] }) =>
      action === 'change' ? changes.map(({ property }) => property) : []
    ),
    ['properties.certificate.leafCertificateConfiguration.validityPeriodInDays']
  )
  agree(
    'next run | writes',
    writes(next).map((line) => line.split('/').slice(-2).join('/')),
    ['policies/default']
  )
}
