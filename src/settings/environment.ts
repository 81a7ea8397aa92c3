import type { Form } from './form.ts'
import { chooseGrants } from './grants.ts'
import { deriveNames } from './names.ts'
import { readOwnership } from './ownership.ts'
import { choosePolicies } from './policies.ts'
import { groupId } from './resourceId.ts'
import type { Environment, SignIn } from './settings.ts'
import { locate, type TargetKind } from './targets.ts'

/** The environment as the inputs want it. */
export function chooseEnvironment(
  { values, given, report }: Form,
  { subscriptionId, tenantId }: SignIn,
  env: Readonly<Record<string, string | undefined>>
): { readonly environment: Environment; readonly warnings: readonly string[] } {
  const name = values.environment ?? ''
  const ownership = readOwnership(env, name, report)
  const derived = deriveNames(name, subscriptionId, ownership.repositoryId)
  const resourceGroup = values['resource-group'] ?? derived['resource-group']
  const home = { subscriptionId, resourceGroup }
  const target = (kind: TargetKind) => locate(kind, values[kind], derived[kind], home, report)
  const { policies, bound, warnings } = choosePolicies(values, given, report)
  const { location } = values
  return {
    environment: {
      name,
      subscriptionId,
      tenantId,
      group: {
        id: groupId(subscriptionId, resourceGroup),
        name: resourceGroup,
        resourceGroup,
        given: values['resource-group'] !== undefined
      },
      location,
      identity: target('identity'),
      namespace: target('namespace'),
      certificates: values.certificates,
      policies,
      hubs: [{ ...target('hub'), location: values['hub-location'] ?? location }],
      dps: target('dps'),
      enrollmentGroups: [
        { name: values['enrollment-group'] ?? derived['enrollment-group'], policy: bound }
      ],
      grants: chooseGrants(values, subscriptionId, report),
      enrollmentAuth: values['enrollment-auth'],
      adopt: values.adopt,
      ownership,
      expiresAfter: values['expires-after'],
      tags: values.tags ?? {}
    },
    warnings
  }
}

/** The same settings for another environment of the repository, with the names that derive from it. */
export function environmentNamed(base: Environment, name: string): Environment {
  const { subscriptionId, ownership, group } = base
  const derived = deriveNames(name, subscriptionId, ownership.repositoryId)
  const resourceGroup = group.given ? group.name : derived['resource-group']
  const home = { subscriptionId, resourceGroup }
  const target = (kind: TargetKind) => locate(kind, undefined, derived[kind], home, () => {})
  return {
    ...base,
    name,
    ownership: { ...ownership, environment: name },
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
