import type { Azure } from '../azure/azure.ts'
import type { Environment } from '../settings/settings.ts'

/** What the steps of one run work with. */
export interface Context {
  readonly environment: Environment
  readonly azure: Azure
}
