import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'

/** The api-versions of service generation A; a folder of specifications holds others as well. */
const VERSIONS = [
  'resources/2021-04-01',
  'managedidentity/2024-11-30',
  'authorization/2022-04-01',
  'deviceregistry/2025-11-01-preview',
  'iothub/2025-08-01-preview',
  'deviceprovisioningservices/2025-02-01-preview',
  'dps-dataplane/2025-07-01-preview'
]

/**
 * oav takes the last provider in a path for the one that is asked, and so never finds the two operations whose path ends in
 * the name of any provider. Specification and requests get this other word for it.
 */
export const ANY_PROVIDER = {
  segment: 'resourceProviders',
  pattern: /\/providers\/([^/?]+)(\/register)?(?=$|\?)/
}

export interface Specs {
  readonly folder: string
  readonly files: readonly string[]
  remove(): void
}

/** A private copy of the specifications, in which every enumeration is closed. */
export function loadSpecs(
  source: string,
  change: (text: string) => string = (text) => text
): Specs {
  const folder = mkdtempSync(join(tmpdir(), 'specs-'))
  cpSync(source, folder, { recursive: true })
  const files: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644)
    if (!entry.name.endsWith('.json') || path.includes(`${sep}examples${sep}`)) continue
    if (entry.name === 'bicep-types.json') continue
    const text = change(readFileSync(path, 'utf8')).replace(
      '"/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}',
      (path) => path.replace('/providers/', `/${ANY_PROVIDER.segment}/`)
    )
    writeFileSync(path, JSON.stringify(closeEnums(JSON.parse(text))))
    if (VERSIONS.some((version) => path.includes(join(...version.split('/'))))) files.push(path)
  }
  if (files.length < VERSIONS.length) {
    rmSync(folder, { recursive: true })
    throw new Error(`${source} lacks specifications: ${VERSIONS.join(', ')} are needed`)
  }
  return { folder, files, remove: () => rmSync(folder, { recursive: true }) }
}

/** `modelAsString` lets any text pass; here only the listed values do. */
function closeEnums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closeEnums)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === 'modelAsString' ? false : closeEnums(inner)
    ])
  )
}
