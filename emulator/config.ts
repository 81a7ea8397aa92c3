import type { LatencyName } from './latency.ts'
import type { Lateness } from './lateValues.ts'
import type { RegistryConfig } from './registryConfig.ts'

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

/** How many there may be. */
export type QuotaName =
  /** In the subscription. */
  | 'dps'
  /** In a region. */
  | 'credentials'
  /** In a namespace of the first model. */
  | 'policies'
  /** In a namespace. */
  | 'rootAuthorities'
  /** In a namespace. */
  | 'issuingAuthorities'
  /** Of one issuing CA. */
  | 'certificatePolicies'
  /** Linked to a namespace. */
  | 'linkedHubs'

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
  /** What becomes of a role assignment on a scope that Azure still makes: no source tells. */
  readonly grantsOnUnfinished: 'accepted' | 'absent' | 'busy'
  /**
   * What becomes of what is made in a namespace, or joined to it, that reads as ready while its operation goes on: no source
   * tells of the first model; in the second it is refused (contract B, 6.6).
   */
  readonly namespaceAtWork: 'serves' | 'refuses'
  /** When a namespace has its system identity, which the answer to its creation does not tell. */
  readonly namespaceIdentity: 'whenMade' | 'whileMade'
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
  /** What becomes of properties that the api-version of a PUT does not know. */
  readonly olderPuts: 'keep' | 'drop'
  /** Whether a DPS adds its own to the initial twins of enrollment groups. */
  readonly twinsCompleted: boolean
  /** Whether a PUT of a DPS minds `If-Match`: none is declared there (contract 2.4). */
  readonly dpsHonoursIfMatch: boolean
  /** Throttling of Azure Resource Manager. */
  readonly throttle: Readonly<Record<'reads' | 'writes' | 'deletes', Bucket>>
  /** Azure Device Registry of 2026-11-01. */
  readonly registry: RegistryConfig
  readonly quotas: Readonly<Record<QuotaName, number>>
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
