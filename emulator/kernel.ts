import type { Config } from './config.ts'
import type { LatencyName } from './latency.ts'

/** The words that every part of the emulator shares: one call in, one reply out, one world behind it. */

/** An authenticated caller of ARM, Graph or a data plane. */
export interface Caller {
  /** Entra object id of the service principal. */
  readonly objectId: string
  /** Entra application (client) id. */
  readonly appId: string
  /** Audience of the presented token. */
  readonly audience: string
}

/** One HTTP request as it arrived at a named Azure or GitHub host. */
export interface Call {
  readonly method: string
  /** Lower-case host name, without a port. */
  readonly host: string
  /** The whole URL. */
  readonly url: URL
  /** Values of the route's `:parameters`, decoded, in the caller's spelling. */
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** Parsed JSON (or form fields, for the token endpoint); undefined without a body. */
  readonly body: unknown
  /** Who calls; undefined on hosts that authenticate in their own way (token endpoints, DPS with SAS). */
  readonly caller: Caller | undefined
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export type Handler = (call: Call) => Reply | Promise<Reply>

/** Registers handlers; a pattern has `:name` segments and is matched without regard to case. */
export interface Routes {
  /** `host` is a literal name or a suffix that starts with `*.`. */
  on(host: string, method: string, pattern: string, handler: Handler): void
}

/** A resource as a GET would show it, plus what only the service knows. */
export interface Resource {
  /** The ARM id in the spelling of its creation. */
  readonly id: string
  /** The public body: what GET answers. */
  body: Record<string, unknown>
  /** Private part: keys, certificates, creation history. Never on the wire unless a handler puts it there. */
  secret: Record<string, unknown>
}

/** Everything durable. Keys of all maps are lower-case. */
export interface World {
  readonly resources: Map<string, Resource>
  /** All role assignments by lower-case id. */
  readonly roleAssignments: Map<string, Resource>
  /** Role definitions that somebody has made, by lower-case id. */
  readonly roleDefinitions: Map<string, Resource>
  /** All management locks by lower-case id. */
  readonly locks: Map<string, Resource>
  /** Enrollment groups by `dps host/group id`. */
  readonly enrollmentGroups: Map<string, Resource>
  /** Comments on pull requests, by number. */
  readonly comments: Map<string, Resource>
  /** Principals that the directory knows: object id to the instant (emulated ms) from which RBAC knows them. */
  readonly principals: Map<string, number>
}

/** Emulated time: runs `speed` times as fast as the wall clock. */
export interface Clock {
  /** Milliseconds of emulated time since the epoch. */
  now(): number
  /** Resolves after so many emulated milliseconds. */
  sleep(ms: number): Promise<void>
  /** Runs something later in emulated time. */
  after(ms: number, act: () => void): void
}

/** A long-running operation that is to begin. */
export interface Begin {
  readonly resourceId: string
  readonly provider: 'Microsoft.DeviceRegistry' | 'Microsoft.Devices' | 'Microsoft.Resources'
  readonly location: string
  readonly latency: LatencyName
  readonly style: 'async' | 'location' | 'both'
  /** What Azure Device Registry calls the status of the operation, where not `operationStatuses` (contract B, 3). */
  readonly statuses?: 'asyncOperationStatuses'
  readonly apiVersion: string
  readonly effect: () => void | Promise<void>
  /** What a poll of `Location` answers at the end (200); without it the end is a 204. */
  readonly result?: () => unknown
}

/** Starts long-running operations and answers their status URLs. */
export interface Operations {
  /**
   * Runs `effect` once the named latency has passed; a thrown ArmError makes the operation fail.
   * `style` decides the headers: `async` gives Azure-AsyncOperation, `location` gives Location, `both` gives both.
   * Refuses with 409 when an operation on the same resource is still running.
   */
  begin(options: Begin): Readonly<Record<string, string>>
  /** True while an operation on this resource runs. */
  busy(resourceId: string): boolean
  /** Resolves once every operation at or below a resource that is due has taken effect, however late its timer. */
  due(resourceId: string): Promise<void>
}

/** What a provider gets to work with. */
export interface Kernel {
  /** The tenant and the subscription that everything lives in. */
  readonly tenantId: string
  readonly subscriptionId: string
  /** The settings in force now; POST /config on the control address replaces them. */
  readonly config: () => Config
  readonly world: World
  readonly clock: Clock
  readonly operations: Operations
  readonly rbac: {
    /** Throws ArmError 403 AuthorizationFailed unless the caller may do this action on this scope now, 409 when a lock forbids it. */
    require(caller: Caller | undefined, action: string, scope: string): void
    /** True when a grant in effect gives this principal the (data) action on the scope. */
    allows(
      principalId: string,
      action: string,
      scope: string,
      kind?: 'action' | 'dataAction'
    ): boolean
    /** True when a grant in effect lies on the scope, above it or below it: the principal has some business there. */
    reaches(principalId: string, scope: string): boolean
    /** True when the principal has exactly this role on the scope or above, and the grant is old enough to be in effect. */
    holds(principalId: string, roleId: string, scope: string): boolean
  }
  /** Seconds a profile gives to one kind of work, in emulated milliseconds. */
  latency(name: LatencyName): number
  /** Pseudo-random, seeded: GUIDs and bytes for keys. */
  readonly random: { guid(): string; bytes(n: number): Uint8Array; hex(n: number): string }
}
