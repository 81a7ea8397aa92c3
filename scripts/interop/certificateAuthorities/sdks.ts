import { at } from '../facts.ts'
import { readBySdks } from '../sdks.ts'
import { type Stage, sent, stepsTo, succeeded, writes } from '../stage.ts'
import { MODEL, VERSION } from './versions.ts'

const INPUTS = { ...MODEL, environment: 'sdks', location: 'westeurope', tags: 'team=iot' }

/** Microsoft's Python SDKs read with their own models what the action made, and add what is not the action's. */
export async function bySdks(stage: Stage): Promise<void> {
  const { run, of, asked, seen, certificate, bodies, fields, agree } = await readBySdks(
    stage,
    'certificate_authorities.py',
    INPUTS,
    { version: VERSION }
  )
  fields('hub', {
    'sku.tier': 'Standard',
    'properties.minTlsVersion': at(bodies.hub, 'properties.minTlsVersion')
  })
  agree(
    'certificates | the authority of each',
    of('certificate-authority-id'),
    certificate?.properties.certificateAuthorityResourceId
  )
  const mirror = 'properties.deviceRegistryNamespaces[0]'
  fields('dps', {
    tags: sent(run, `/provisioningServices/${asked.dps}`, 'PATCH').tags,
    'properties.iotHubs': [],
    [`${mirror}.resourceId`]: of('namespace-id'),
    [`${mirror}.authenticationType`]: 'SystemAssigned',
    [`${mirror}.linkingState`]: 'Succeeded'
  })
  agree('services', [asked.dps], seen.services)
  agree('a credential, which a namespace of this model has not', 404, seen.credential?.[0])

  const next = succeeded(await stage.run(INPUTS))
  agree('next run | what differs', stepsTo(next, 'change', 'create', 'act'), [])
  agree('next run | writes', writes(next), [])
}
