import { roleDefinition } from './grants.ts'
import { LONGEST_TAG_VALUE } from './ownerTags.ts'
import {
  boolean,
  choice,
  duration,
  guid,
  integer,
  line,
  location,
  names,
  type Parse,
  planDigest,
  resourceName,
  secret,
  someOf
} from './parsers.ts'
import { leafValidityDays, policyList } from './policies.ts'
import { CLOUDS, CREDENTIALS, OPERATIONS, PHASES, SERVICE_VERSIONS } from './settings.ts'
import { parseTags } from './tags.ts'
import { nameOrId } from './targets.ts'

/** Every input of the action. action.yml says the same in words; a contract test keeps names and defaults equal. */

interface Input<T, Default extends string> {
  readonly parse: Parse<T>
  /** Text that stands for an input that is absent or blank; '' means that there is none. */
  readonly default: Default
  /** Environment variable that is asked before the default. */
  readonly variable?: string
}

const optional = <T>(parse: Parse<T>, variable?: string): Input<T, ''> => ({
  parse,
  default: '',
  ...(variable !== undefined && { variable })
})

const standard = <T, const Default extends string>(
  parse: Parse<T>,
  text: Default
): Input<T, Default> => ({ parse, default: text })

export const INPUTS = {
  // Sign-in. Ids that come from a variable may come from nowhere, so GitHub cannot be told that they are required.
  'client-id': optional(guid, 'AZURE_CLIENT_ID'),
  'tenant-id': optional(guid, 'AZURE_TENANT_ID'),
  'subscription-id': optional(guid, 'AZURE_SUBSCRIPTION_ID'),
  audience: optional(line(256)),
  credential: standard(choice(...CREDENTIALS), 'oidc'),
  cloud: standard(choice(...CLOUDS), 'AzureCloud'),
  // Run.
  operation: standard(choice(...OPERATIONS), 'apply'),
  phases: standard(someOf(...PHASES), 'all'),
  'dry-run': standard(boolean, 'false'),
  confirm: optional(line(LONGEST_TAG_VALUE)),
  'expected-plan': optional(planDigest),
  'fail-on-drift': standard(boolean, 'false'),
  'timeout-minutes': standard(integer(1, 360), '60'),
  concurrency: standard(integer(1, 32), '16'),
  // Environment.
  environment: optional(line(LONGEST_TAG_VALUE)),
  'service-version': standard(choice('auto', ...SERVICE_VERSIONS), 'auto'),
  location: optional(location),
  'hub-location': optional(location),
  'resource-group': optional(resourceName('resource-group')),
  identity: optional(nameOrId('identity')),
  namespace: optional(nameOrId('namespace')),
  hub: optional(nameOrId('hub')),
  dps: optional(nameOrId('dps')),
  'enrollment-group': optional(resourceName('enrollment-group')),
  adopt: standard(boolean, 'false'),
  'link-existing': standard(boolean, 'false'),
  tags: optional(parseTags),
  'expires-after': optional(duration),
  config: optional(line(1024)),
  // Certificates. No default here stands in text: one that is given although it has no meaning must be told from none.
  certificates: standard(boolean, 'true'),
  policy: optional(resourceName('policy')),
  'leaf-validity-days': optional(leafValidityDays),
  policies: optional(policyList),
  // Grants.
  'role-assignments': standard(choice('manage', 'skip'), 'manage'),
  'hub-app-grant': standard(choice('optional', 'required', 'skip'), 'optional'),
  'hub-app-object-id': optional(guid),
  'onboarding-role': standard(boolean, 'true'),
  'hub-role-definition-id': optional(roleDefinition),
  // Data plane and report.
  'enrollment-auth': standard(choice('auto', 'sas', 'entra'), 'auto'),
  summary: standard(boolean, 'true'),
  comment: standard(boolean, 'false'),
  'github-token': optional(secret),
  // Sweep.
  branches: optional(names),
  'sweep-gone-branches': standard(boolean, 'false')
} as const

export type InputName = keyof typeof INPUTS
export const INPUT_NAMES = Object.keys(INPUTS) as InputName[]

type ValueOf<I> =
  I extends Input<infer T, infer Default> ? (Default extends '' ? T | undefined : T) : never

/** Parsed values; undefined for what is absent and has no default. */
export type Values = { readonly [Name in InputName]: ValueOf<(typeof INPUTS)[Name]> }
