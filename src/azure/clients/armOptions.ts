export interface ReadOptions {
  /** What is being done, for messages: `read IoT hub`. */
  readonly operation: string
  readonly query?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Its answer serves the next one who asks in the same reading as well. */
  readonly leave?: boolean
}

export interface ListOptions extends ReadOptions {
  /** Texts that every item must have; those of any resource when absent. */
  readonly has?: readonly string[]
}

export interface WriteOptions {
  readonly apiVersion: string
  /** What is being done, for messages: `create IoT hub`. */
  readonly operation: string
  readonly body?: unknown
  /** Etag that the resource must still have. */
  readonly ifMatch?: string
  readonly signal?: AbortSignal
  /** Called directly before each sending, retries included; what it throws ends the write. */
  readonly before?: () => Promise<void>
  /** Not sent again while it is not known whether it took effect: the caller looks. */
  readonly once?: boolean
  /** Told what Azure answered when it accepted the request. */
  readonly accepted?: (body: unknown) => void
  /** Told while a long-running operation goes on. */
  readonly progress?: (waitingFor: string) => void
}
