import { readFileSync } from 'node:fs'
import type { LatencyName } from './latency.ts'
import type { Lateness } from './lateValues.ts'
import { problems } from './strict.ts'

/** A role that a principal holds from the start, without propagation. */
export interface Grant {
  /** A role's GUID or its name. */
  readonly role: string
  readonly scope: string
  /** Version 2.0, as far as it speaks of role assignments. */
  readonly condition?: string
}

export interface FederatedCredential {
  readonly issuer: string
  readonly subject: string
  readonly audiences: readonly string[]
}

/** Somebody who signs in: the deploying identity, or one beside it. */
export interface Identity {
  readonly clientId: string
  readonly objectId: string
  readonly grants: readonly Grant[]
  /** Accepted client secret, for `az login`; none is accepted while it is absent. */
  readonly secret?: string | null
  readonly disabled?: boolean
  readonly federatedCredentials: readonly FederatedCredential[]
}

export interface CustomRole {
  readonly id: string
  readonly name: string
  readonly actions?: readonly string[]
  readonly notActions?: readonly string[]
  readonly dataActions?: readonly string[]
  readonly notDataActions?: readonly string[]
}

export type RegistrationState = 'NotRegistered' | 'Registering' | 'Registered'

/** How many requests may come at once, and how fast that many may come again. */
export interface Bucket {
  readonly capacity: number
  readonly perSecond: number
}

/** Everything about the emulated tenant that a scenario may want different. */
export interface Config {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly deployer: Identity
  /** Others that may sign in, such as one that only plans. */
  readonly identities: readonly Identity[]
  readonly github: {
    readonly repository: string
    readonly repositoryId: string
    readonly ref: string
    readonly environment: string | null
    /** Whole subject of the OIDC token; null derives it from repository and environment or ref. */
    readonly subject: string | null
    readonly assertionSeconds: number
    /** Whether the OIDC token names the repository by its number; older enterprise servers do not [INF]. */
    readonly tellsRepositoryId: boolean
    readonly branches: readonly string[]
    readonly defaultBranch: string
    /** Old names of branches, each with the one it has now. */
    readonly renamedBranches: Readonly<Record<string, string>>
    /** Whether the token may read contents, branches among them. */
    readonly canReadContents: boolean
    /** Whether the token may write comments; a fork's may not. */
    readonly canComment: boolean
    /** Whom the token writes as, an app's name with `[bot]`. */
    readonly login: string
    /** How GraphQL spells that name; null spells it like REST. That it may leave `[bot]` off the viewer's is [INF]. */
    readonly viewerLogin: string | null
  }
  readonly entra: {
    readonly tokenSeconds: number
    /** How long Entra says a token lives, when that is not what services make of it; null for the truth. */
    readonly promisedSeconds: number | null
    /** JSON of the claims that services want a token to have been asked for with; null for none. */
    readonly claims: string | null
    /** Audience put into every access token, whatever was asked for. */
    readonly tokenAudience: string | null
    /** AADSTS number with which every token request is refused. */
    readonly refuse: number | null
  }
  readonly graph: { readonly allowed: boolean }
  /** The service principal of the IoT Hub application in this tenant (contract 5.3). */
  readonly hubApp: {
    readonly objectId: string
    readonly present: 'always' | 'registered' | 'never'
  }
  /** Other service principals that the directory knows from the start. */
  readonly principals: readonly string[]
  /** Registration state at the start; what is not named is Registered. */
  readonly providers: Readonly<Record<string, RegistrationState>>
  readonly apiVersions: Readonly<Record<string, readonly string[]>>
  readonly locations: Readonly<Record<string, readonly string[]>>
  readonly roles: readonly CustomRole[]
  /** A synchronize without the roles it needs fails; otherwise it silently does nothing (contract 18.8). */
  readonly synchronizeFails: boolean
  /** Global names that somebody else in Azure has. */
  readonly takenNames: readonly string[]
  readonly latency: Readonly<Partial<Record<LatencyName, number>>>
  readonly retryAfter: number | null
  /** Items of a list that come at once. */
  readonly pageSize: number
  /** Lists of ARM hold what the caller may read, where otherwise it must be allowed to read all there is. */
  readonly listsTrimmed: boolean
  /** Milliseconds by which Azure's clock, as the header Date tells it, is ahead of the client's. */
  readonly clockSkewMs: number
  /** Where an operation's address names no group: the right on the group of its resource is enough, or only one at the address. */
  readonly operationsFollowed: 'group' | 'address'
  /** Where hubs and DPSs have their operations followed. */
  readonly devicesOperations: 'recorded' | 'listed' | 'provider'
  /** Tags that a policy copies from a group to what is written in it without them. */
  readonly inheritTags: readonly string[]
  /** Seed of the ways in which Azure says the same differently; null: as the contract has it. */
  readonly dialect: string | null
  /** What Azure tells late of resources that are there, in emulated milliseconds. */
  readonly late: Lateness
  /** Whether a DPS adds its own to the initial twins of enrollment groups. */
  readonly twinsCompleted: boolean
  /** Whether a PUT of a DPS minds `If-Match`: none is declared there (contract 2.4). */
  readonly dpsHonoursIfMatch: boolean
  /** Throttling of Azure Resource Manager. */
  readonly throttle: Readonly<Record<'reads' | 'writes' | 'deletes', Bucket>>
  /** How many there may be: DPSs in the subscription, credentials in a region, policies in a namespace. */
  readonly quotas: Readonly<Record<'dps' | 'credentials' | 'policies', number>>
  /** How a policy too many is refused. */
  readonly policyRefusal: 'limit' | 'quota' | 'conflict' | 'operation'
  /**
   * How a grant is refused: with its cause, or in the words of Microsoft's page "Troubleshoot Azure RBAC" ("Unable to assign
   * a role"), which are the same for a right that is missing and for a condition.
   */
  readonly grantRefusal: 'cause' | 'either'
}

/** Any part of a Config, as --config and POST /config take it; null inside an open map removes the entry. */
export type ConfigPatch = { readonly [K in keyof Config]?: unknown }

const tenantId = '5f0a6c1e-3f0b-4a9e-9d52-0c6a8f1b7e11'
const subscriptionId = '8d3c1f64-77aa-4e0c-8c55-2b9d6e4f0a22'
const issuer = 'https://token.actions.githubusercontent.com'

const audiences = [
  'api://AzureADTokenExchange',
  'api://AzureADTokenExchangeUSGov',
  'api://AzureADTokenExchangeChina'
]

/** A tenant in which the tutorial's user may do everything. */
export const defaults: Config = {
  tenantId,
  subscriptionId,
  deployer: {
    clientId: 'c2b7e9d0-51f3-4c1b-a3a7-6d9e8b5f4033',
    objectId: '0e91d5b8-2c47-4f7d-b7b0-9f4d3c2a1b44',
    grants: [{ role: 'Owner', scope: `/subscriptions/${subscriptionId}` }],
    secret: null,
    disabled: false,
    federatedCredentials: [
      { issuer, subject: 'repo:octo-org/octo-repo:environment:iot', audiences },
      { issuer, subject: 'repo:octo-org/octo-repo:ref:refs/heads/main', audiences }
    ]
  },
  identities: [],
  github: {
    repository: 'octo-org/octo-repo',
    repositoryId: '123456789',
    ref: 'refs/heads/main',
    environment: 'iot',
    subject: null,
    assertionSeconds: 300,
    tellsRepositoryId: true,
    branches: ['main'],
    defaultBranch: 'main',
    renamedBranches: {},
    canReadContents: true,
    canComment: true,
    login: 'github-actions[bot]',
    viewerLogin: null
  },
  entra: {
    tokenSeconds: 3599,
    promisedSeconds: null,
    claims: null,
    tokenAudience: null,
    refuse: null
  },
  graph: { allowed: true },
  hubApp: { objectId: '6c1d0b7f-8e24-4b53-9a9c-3e7f5d2c1b55', present: 'always' },
  principals: [],
  providers: {},
  apiVersions: {},
  locations: {},
  roles: [],
  synchronizeFails: false,
  takenNames: [],
  latency: {},
  retryAfter: null,
  pageSize: 100,
  // A caller whose rights end at a group is refused (contract 20.1); that ARM trims instead is [INF].
  listsTrimmed: false,
  operationsFollowed: 'group',
  devicesOperations: 'recorded',
  clockSkewMs: 0,
  inheritTags: [],
  dialect: null,
  late: {},
  twinsCompleted: false,
  dpsHonoursIfMatch: true,
  // [INF] Azure's documented buckets of a principal in a subscription.
  throttle: {
    reads: { capacity: 250, perSecond: 25 },
    writes: { capacity: 200, perSecond: 10 },
    deletes: { capacity: 200, perSecond: 10 }
  },
  // Contract 3. Its 2 credentials in a tenant and region are one user's word: a scenario that means them sets them.
  quotas: { dps: 10, credentials: 1000, policies: 1000 },
  policyRefusal: 'limit',
  grantRefusal: 'cause'
}

const schema = JSON.parse(
  readFileSync(new URL('./schemas/config.json', import.meta.url), 'utf8')
) as object

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Objects merge, everything else replaces. In maps with free keys a null takes an entry out. */
function merge(base: Json, patch: Json, open: boolean): Json {
  const merged: Json = { ...base }
  for (const [name, value] of Object.entries(patch)) {
    const old = merged[name]
    if (value === null && open) delete merged[name]
    else if (isObject(value) && isObject(old)) merged[name] = merge(old, value, openMaps.has(name))
    else merged[name] = value
  }
  return merged
}

const openMaps = new Set([
  'providers',
  'apiVersions',
  'locations',
  'latency',
  'late',
  'renamedBranches'
])

/** Applies a patch; throws with all of its faults when it does not keep schemas/config.json. */
export function patchConfig(config: Config, patch: unknown): Config {
  const found = problems(schema, patch)
  if (found.length > 0) throw new Error(`not a valid configuration: ${found.join(' ')}`)
  const merged = merge(config as unknown as Json, patch as Json, false) as unknown as Config
  // Grants on "the subscription" mean the configured one.
  if (merged.subscriptionId === config.subscriptionId) return merged
  const swap = (grant: Grant): Grant => ({
    ...grant,
    scope: grant.scope.replace(config.subscriptionId, merged.subscriptionId)
  })
  const swapped = (one: Identity): Identity => ({ ...one, grants: one.grants.map(swap) })
  return {
    ...merged,
    deployer: swapped(merged.deployer),
    identities: merged.identities.map(swapped)
  }
}
