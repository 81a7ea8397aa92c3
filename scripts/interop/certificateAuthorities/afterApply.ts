import { type Stage, succeeded } from '../stage.ts'
import { shown } from './shown.ts'
import { MODEL, VERSION } from './versions.ts'

const INPUTS = {
  ...MODEL,
  environment: 'interop',
  location: 'westeurope',
  tags: 'team=iot\ncost centre=42',
  'leaf-validity-days': '60',
  'expires-after': '7d'
}

/** After an apply by the action, a CLI that knows nothing of it sees what the action said and sent, field by field. */
export async function afterApply(stage: Stage): Promise<void> {
  const run = succeeded(await stage.run(INPUTS))
  const see = shown(stage, run, 'after an apply')
  await see.group(['namespace-id', 'hub-id', 'dps-id'])
  await see.grants(see.granted(await see.principals()))
  see.endpoints(await see.namespace())
  await see.authorities(['root', 'issuing-default'])
  await see.authority('root')
  const subject = await see.authority('issuing-default')
  await see.policy(run.outputs['certificate-policy-id'] ?? '')
  await see.hub({ 'properties.disableLocalAuth': false, 'properties.minTlsVersion': '1.2' })
  await see.certificates([subject])
  await see.origins()
  await see.dps()
  await see.mirrors()
  await see.noLinkedHubs()
  await see.enrollmentGroup(VERSION, [
    ...['namespaceName', 'certificateAuthorityName', 'certificatePolicyName']
  ])
}
