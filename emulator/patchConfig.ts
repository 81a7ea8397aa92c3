import { readFileSync } from 'node:fs'
import type { Config, Grant, Identity } from './config.ts'
import { problems } from './strict.ts'

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
