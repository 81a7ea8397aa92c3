import { readConfig } from './config/read.ts'
import type { Config } from './config/shape.ts'
import { chooseEnrollmentGroups, chooseHubs } from './fleet.ts'
import type { Form, InputReader } from './form.ts'
import { chooseGrants } from './grants.ts'
import { deriveNames } from './names.ts'
import { readOwnership } from './ownership.ts'
import { choosePolicies } from './policies.ts'
import type { Report } from './problems.ts'
import { groupId } from './resourceId.ts'
import type {
  Environment,
  EnvironmentBase,
  ServiceVersion,
  SignIn,
  WantedEnvironment
} from './settings.ts'
import { parseTags } from './tags.ts'
import { locate, type TargetKind } from './targets.ts'

/** The environment as the inputs, and the config file where they are silent, want it. */
export function chooseEnvironment(
  form: Form,
  { subscriptionId }: SignIn,
  reader: InputReader
): {
  readonly environment: WantedEnvironment
  readonly config: Config
  readonly doubts: readonly string[]
} {
  const { values, given, report } = form
  const config = readConfig(values.config, reader, report)
  const name = values.environment ?? ''
  const applies = values.operation === 'apply' && !values['dry-run']
  const ownership = readOwnership(reader, name, report, applies)
  const { repositoryId, host } = ownership
  const source = { subscriptionId, repositoryId, host }
  const derived = deriveNames(name, source)
  const group = values['resource-group'] ?? config['resource-group']
  const resourceGroup = group ?? derived['resource-group']
  const home = { subscriptionId, resourceGroup }
  const target = (kind: Exclude<TargetKind, 'hub'>) =>
    locate(kind, values[kind] ?? config[kind], derived[kind], home, report)
  const { policies, bound, doubts } = choosePolicies(values, given, report, config.policies)
  const origin = { environment: name, source, home, derived }
  const { hubs, byKey } = chooseHubs(form, config, origin)
  return {
    environment: {
      name,
      subscriptionId,
      group: {
        id: groupId(subscriptionId, resourceGroup),
        name: resourceGroup,
        resourceGroup,
        given: group !== undefined
      },
      location: values.location ?? config.location,
      identity: target('identity'),
      namespace: target('namespace'),
      certificates: values.certificates,
      policies,
      hubs,
      dps: target('dps'),
      enrollmentGroups: chooseEnrollmentGroups(form, config, origin, { policies, bound, byKey }),
      grants: chooseGrants(values, config.grants, subscriptionId, report),
      enrollmentAuth: values['enrollment-auth'],
      adopt: values.adopt,
      linkExisting: values['link-existing'],
      destroyDevices: config['destroy-devices'] ?? false,
      ownership,
      expiresAfter: values['expires-after'],
      tags: { ...tagsOf(config, report), ...values.tags }
    },
    config,
    doubts
  }
}

function tagsOf({ tags }: Config, report: Report): Readonly<Record<string, string>> {
  if (tags === undefined) return {}
  return parseTags(tags, (value, rule) => report('config (tags)', value, rule)) ?? {}
}

/** The same settings for another environment of the repository, with the names that derive from it. */
export function environmentNamed(
  base: EnvironmentBase,
  name: string,
  serviceVersion: ServiceVersion
): Environment {
  const { subscriptionId, ownership, group } = base
  const { repositoryId, host } = ownership
  const derived = deriveNames(name, { subscriptionId, repositoryId, host })
  const resourceGroup = group.given ? group.name : derived['resource-group']
  const home = { subscriptionId, resourceGroup }
  const target = (kind: TargetKind) => locate(kind, undefined, derived[kind], home, () => {})
  return {
    ...base,
    name,
    serviceVersion,
    ownership: { ...ownership, environment: name, branch: 'as recorded' },
    group: {
      ...group,
      id: groupId(subscriptionId, resourceGroup),
      name: resourceGroup,
      resourceGroup
    },
    identity: target('identity'),
    namespace: target('namespace'),
    hubs: [{ ...target('hub'), location: undefined }],
    dps: target('dps'),
    enrollmentGroups: [{ name: derived['enrollment-group'], policy: undefined }]
  }
}
