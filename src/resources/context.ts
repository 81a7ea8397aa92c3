import type { Azure } from '../azure/azure.ts'
import type { Environment } from '../settings/settings.ts'
import { Family } from './family.ts'
import type { Neighbours } from './neighbours.ts'

/** What the steps of one run work with. */
export interface Context {
  readonly environment: Environment
  readonly azure: Azure
  readonly purpose: Purpose
  readonly family: Family
}

/** What the run is for. When an environment is taken down, what else there is counts: it may use what would go. */
export type Purpose =
  | { readonly does: 'build' }
  | { readonly does: 'take down'; readonly neighbours: Neighbours }

/** A family has to be new each time: what was seen once may have changed since. */
export function contextOf(environment: Environment, azure: Azure, purpose: Purpose): Context {
  return { environment, azure, purpose, family: new Family() }
}
