/** The one validated value that a run works from. Built by inputs.ts; everything after it is told, never asks. */

/** Steps of Microsoft's tutorial in its order; `phases` selects a subset. */
export const PHASES = [
  'identity',
  'namespace',
  'certificates',
  'hub',
  'dps',
  'sync',
  'enrollment'
] as const
export type Phase = (typeof PHASES)[number]

export const CLOUDS = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const
export type CloudName = (typeof CLOUDS)[number]

export const OPERATIONS = ['apply', 'plan', 'verify', 'destroy', 'sweep'] as const
export type Operation = (typeof OPERATIONS)[number]

/** Models of the service, each named by its api-version of Device Registry: certificate authorities; credentials and policies. */
export const SERVICE_VERSIONS = ['2026-11-01', '2025-11-01-preview'] as const
export type ServiceVersion = (typeof SERVICE_VERSIONS)[number]
/** Of the tutorial; what was made before an environment remembered its model is of this one. */
export const TUTORIAL_VERSION = '2025-11-01-preview' satisfies ServiceVersion
/** Taken by `auto` where there is a choice. */
export const NEWEST_VERSION = '2026-11-01' satisfies ServiceVersion

/** How the run proves who it is. `oidc` is GitHub's federated credential; the others are for self-hosted runners. */
export const CREDENTIALS = ['oidc', 'managed-identity', 'azure-cli'] as const

interface Tenancy {
  readonly tenantId: string
  readonly subscriptionId: string
  readonly cloud: CloudName
}

/** By the assertion that GitHub gives a job, and a federated credential that accepts it. */
export interface OidcSignIn extends Tenancy {
  readonly credential: 'oidc'
  /** Application (client) id. */
  readonly clientId: string
  /** Audience that the assertion is asked for. */
  readonly audience: string
}

/** By the identity of the machine that the job runs on. */
export interface ManagedIdentitySignIn extends Tenancy {
  readonly credential: 'managed-identity'
  /** Undefined for a system-assigned one. */
  readonly clientId: string | undefined
}

/** As whoever is signed in to the Azure CLI. */
export interface AzureCliSignIn extends Tenancy {
  readonly credential: 'azure-cli'
}

export type SignIn = OidcSignIn | ManagedIdentitySignIn | AzureCliSignIn

/** A resource that may live in another group than the environment's own. */
export interface Target {
  /** Named by an input; otherwise its name derives from the environment. */
  readonly given: boolean
  /** Given by a full ARM id, as what is shared on purpose is. */
  readonly byId?: boolean
  /** ARM id. */
  readonly id: string
  readonly name: string
  readonly resourceGroup: string
}

export interface HubSpec extends Target {
  /** Normalised region, or undefined when the inputs name none: enough for a hub that exists. */
  readonly location: string | undefined
  /** Weight in a hashed allocation; left to Azure when absent. */
  readonly allocationWeight?: number
  /** Of the S tiers; S1 of one unit when absent. The tutorial's model has a tier of its own. */
  readonly sku?: HubSku
}

/** Tiers that can be linked to a namespace (contract B 4.1). */
export const HUB_TIERS = ['S1', 'S2', 'S3'] as const
export interface HubSku {
  readonly name: (typeof HUB_TIERS)[number]
  /** Units. */
  readonly capacity: number
}

export interface PolicySpec {
  readonly name: string
  /** Days a device certificate lives: 1 to 90, from 7 in the tutorial's model (contract section 3, contract B 6.5). */
  readonly leafValidityDays: number
}

export interface EnrollmentGroupSpec {
  readonly name: string
  /** Policy that issues its device certificates; undefined with `certificates: false`. */
  readonly policy: string | undefined
  /** Ids of the hubs that its devices may get; all of the environment when absent. */
  readonly hubs?: readonly string[]
  readonly allocationPolicy?: 'hashed' | 'geoLatency' | 'static'
  /** Handed to the service as it is. */
  readonly initialTwin?: Readonly<Record<string, unknown>>
  readonly iotEdge?: boolean
  /** False for one that was found, under a name that is neither among the inputs nor derived from the environment. */
  readonly recognised?: boolean
}

export interface GrantSpec {
  /** `role-assignments: skip` leaves g2 to g5 to an administrator. */
  readonly manage: boolean
  readonly hubApp: 'optional' | 'required' | 'skip'
  /** Object id of the IoT Hub application's service principal in this tenant, when the user gave it. */
  readonly hubAppObjectId: string | undefined
  readonly onboarding: boolean
  /** Full role definition id that replaces both hub roles of the namespace identity. */
  readonly hubRoleDefinitionId: string | undefined
  /** Azure Device Registry Contributor for the DPS: to issue certificates. Not every source asks for it (contract B 5.1, b7). */
  readonly issueCertificates: boolean
  /** IoT Hub Data Contributor for the DPS: to register devices. Not every source asks for it (contract B 5.1, b8). */
  readonly registerDevices: boolean
}

/** The environment as the inputs want it. */
export interface Environment {
  readonly name: string
  /** The model of the service that it is built by. */
  readonly serviceVersion: ServiceVersion
  readonly subscriptionId: string
  readonly group: Target
  /** Normalised region for everything but hubs; undefined when the inputs name none. */
  readonly location: string | undefined
  readonly identity: Target
  readonly namespace: Target
  /** False: no credential, no policies, no sync; existing ones are left and listed as unmanaged. */
  readonly certificates: boolean
  /** Empty when `certificates` is false. */
  readonly policies: readonly PolicySpec[]
  readonly hubs: readonly HubSpec[]
  readonly dps: Target
  readonly enrollmentGroups: readonly EnrollmentGroupSpec[]
  readonly grants: GrantSpec
  readonly enrollmentAuth: 'auto' | 'sas' | 'entra'
  /** A hub or DPS that this environment did not make may be linked to the namespace, for good. */
  readonly linkExisting: boolean
  /** Registry devices end with the namespace; otherwise they keep it. */
  readonly destroyDevices: boolean
  /** Existing resources under our names become ours. */
  readonly adopt: boolean
  /** Who made it and for what: written when a resource is created, compared to tell ours from shared and foreign. */
  readonly ownership: Ownership
  /** Milliseconds after which a sweep may remove it; undefined for an environment without end. */
  readonly expiresAfter: number | undefined
  /** The user's own tags. */
  readonly tags: Readonly<Record<string, string>>
}

/** The environment before it is known by which model it is, or is to be, built. */
export type WantedEnvironment = Omit<Environment, 'serviceVersion'>

/** Which model of the service is wanted. */
export interface ModelSpec {
  readonly version: ServiceVersion | 'auto'
  /** Inputs that only one of the models knows. */
  readonly only: Readonly<Record<ServiceVersion, readonly OneModelInput[]>>
  /** What is legal but doubtful in the tutorial's model, one sentence each. */
  readonly doubts: readonly string[]
}

/** An input that the other model has no use for. */
export interface OneModelInput {
  readonly input: string
  /** Completes "INPUT:" when it cannot be honoured; absent where it may be ignored with a word. */
  readonly rule?: string
}

/** What has no name yet. */
export type EnvironmentBase = Omit<WantedEnvironment, 'name' | 'ownership'> & {
  readonly ownership: RepositoryOwnership
}

/** The repository that an environment belongs to. */
export interface RepositoryOwnership {
  /** Host of the GitHub server: repository ids are its own. */
  readonly host: string
  readonly repository: string
  readonly repositoryId: string
}

export interface Ownership extends RepositoryOwnership {
  readonly environment: string
  /** What this run knows of the branch that the environment lives with. */
  readonly branch: BranchSpec
}

/** A branch to live with, none, or no opinion: runs on tags and in a merge queue leave what is recorded. */
export type BranchSpec = { readonly livesWith: string | undefined } | 'as recorded'

export interface SweepSpec {
  /** Also sweep environments whose branch is gone. */
  readonly goneBranches: boolean
  /** Branches that live; undefined when GitHub has to be asked. */
  readonly branches: readonly string[] | undefined
  /** The repository's default branch, as the event tells it; never gone. */
  readonly defaultBranch: string | undefined
}

/** What every run is told. */
interface CommonSettings {
  /** Write nothing; say what would be done. */
  readonly dryRun: boolean
  /** One deadline for the whole run, in minutes. */
  readonly timeoutMinutes: number
  /** Requests to Azure in flight at once. */
  readonly concurrency: number
  readonly summary: boolean
  /** Write the plan, or what was done, as a comment on the pull request. */
  readonly comment: boolean
  /** Reads branches and writes comments; undefined when none was given. */
  readonly githubToken: string | undefined
  readonly signIn: SignIn
  /** Legal but doubtful inputs, one sentence each. */
  readonly warnings: readonly string[]
}

/** A run that is about one environment. */
export interface EnvironmentSettings extends CommonSettings {
  readonly operation: Exclude<Operation, 'sweep'>
  /** In tutorial order, without repetition. */
  readonly phases: readonly Phase[]
  /** A plan that is not empty is a failure. */
  readonly failOnDrift: boolean
  /** Digest of the plan that was approved; an apply whose plan is another stops before it writes. */
  readonly expectedPlan: string | undefined
  readonly environment: WantedEnvironment
  readonly model: ModelSpec
}

/** A run that looks for the environments that nobody needs any more. */
export interface SweepSettings extends CommonSettings {
  readonly operation: 'sweep'
  readonly sweep: SweepSpec
  /** What the environments of the repository have in common. */
  readonly base: EnvironmentBase
}

export type Settings = EnvironmentSettings | SweepSettings
