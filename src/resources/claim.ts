import type { Environment } from '../settings/settings.ts'

/** By what an environment knows its own resources, and what it writes on them. */
export type Claim = Pick<Environment, 'ownership' | 'adopt' | 'tags' | 'serviceVersion'>
