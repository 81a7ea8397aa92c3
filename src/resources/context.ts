import type { Azure } from '../azure/azure.ts'
import type { Environment } from '../settings/settings.ts'
import type { Family } from './family.ts'
import type { Neighbours } from './neighbours.ts'

/** What the steps of one run work with. */
export interface Context {
  readonly environment: Environment
  readonly azure: Azure
  /** Given when the environment is torn down: what else there is counts then. */
  readonly neighbours?: Neighbours
  readonly family: Family
}
