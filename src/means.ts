import type { Wire } from './azure/http/pipeline.ts'
import type { AskGitHub } from './azure/signIn/assertion.ts'
import type { Credential } from './azure/signIn/tokenMemory.ts'
import type { LastAzureActivity } from './report/lastAzureActivity.ts'
import type { Log } from './report/log.ts'
import type { EnvironmentBase } from './settings/settings.ts'
import type { OnSignal } from './signals.ts'

/** What a run is given besides its settings. */
export interface Means {
  readonly log: Log
  /** Aborted when the time is up, or on a signal: that ends the operation, and hurries what comes after it. */
  readonly stop: AbortController
  readonly askGitHub: AskGitHub
  readonly onSignal: OnSignal
}

/** A run that has begun: who it is to Azure, and what its requests are sent with. */
export interface Started {
  /** What the run is about; of a sweep, what its environments have in common. */
  readonly environment: EnvironmentBase
  /** Milliseconds since the run began. */
  readonly elapsed: () => number
  readonly heard: LastAzureActivity
  readonly wire: Wire & Log
  readonly credential: Credential
}
