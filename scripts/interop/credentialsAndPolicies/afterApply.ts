import { type Stage, succeeded } from '../stage.ts'
import { shown } from './shown.ts'
import { MODEL, SERVICE_DATA } from './versions.ts'

const INPUTS = {
  ...MODEL,
  environment: 'interop',
  location: 'westeurope',
  'hub-location': 'northeurope',
  tags: 'team=iot\ncost centre=42',
  policies: 'default=30\nlong=90',
  policy: 'default',
  'expires-after': '7d'
}

/** After an apply by the action, a CLI that knows nothing of it sees what the action said and sent, field by field. */
export async function afterApply(stage: Stage): Promise<void> {
  const run = succeeded(await stage.run(INPUTS))
  const see = shown(stage, run, 'after an apply')
  await see.group(['identity-id', 'namespace-id', 'hub-id', 'dps-id'])
  await see.identity()
  await see.grants(see.granted())
  await see.namespace()
  await see.credential()
  const subjects = [await see.policy('default'), await see.policy('long')]
  await see.hub(see.attached())
  await see.joins()
  await see.certificates(subjects)
  await see.links(await see.dps())
  await see.enrollmentGroup(SERVICE_DATA, ['credentialPolicyName'])
}
