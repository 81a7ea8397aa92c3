import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, sep } from 'node:path'

/** The services and api-versions of both models; a folder of specifications holds others as well. */
const NEEDED: readonly { readonly service: RegExp; readonly version: string }[] = [
  { service: /\/resources\//, version: '2021-04-01' },
  { service: /\/(managedidentity|msi)\//, version: '2024-11-30' },
  { service: /\/authorization\//, version: '2022-04-01' },
  { service: /\/deviceregistry\//, version: '2025-11-01-preview' },
  { service: /\/iothub\//, version: '2025-08-01-preview' },
  { service: /\/deviceprovisioningservices\//, version: '2025-02-01-preview' },
  {
    service: /\/(dps-dataplane|deviceprovisioningservices\/data-plane)\//,
    version: '2025-07-01-preview'
  },
  { service: /\/deviceregistry\//, version: '2026-11-01' },
  { service: /\/iothub\//, version: '2026-11-01' },
  { service: /\/deviceprovisioningservices\//, version: '2026-11-01' },
  { service: /\/(dps-dataplane|deviceprovisioningservices\/data-plane)\//, version: '2026-11-01' }
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
  cpSync(realpathSync(source), folder, { recursive: true, filter: isPart })
  const files: string[] = []
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() ? 0o755 : 0o644)
    if (entry.isDirectory()) continue
    // Some files there begin with a mark of their byte order.
    const text = change(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')).replaceAll(
      '"/subscriptions/{subscriptionId}/providers/{resourceProviderNamespace}',
      (path) => path.replace('/providers/', `/${ANY_PROVIDER.segment}/`)
    )
    writeFileSync(path, JSON.stringify(closeEnums(JSON.parse(text))))
    files.push(path)
  }
  const serves = ({ service, version }: (typeof NEEDED)[number], path: string) => {
    const address = path.slice(folder.length).split(sep).join('/').toLowerCase()
    return service.test(address) && address.includes(`/${version}/`)
  }
  const lacking = NEEDED.filter((needed) => !files.some((path) => serves(needed, path)))
  if (lacking.length > 0) {
    rmSync(folder, { recursive: true })
    const names = lacking.map(({ service, version }) => `${service.source} ${version}`)
    throw new Error(`${source} lacks specifications: ${names.join(', ')}`)
  }
  return {
    folder,
    files: files.filter((path) => NEEDED.some((needed) => serves(needed, path))),
    remove: () => rmSync(folder, { recursive: true })
  }
}

/** Whether a path may lead to a specification: a clone of the whole repository holds much else. */
function isPart(path: string): boolean {
  const name = basename(path)
  if (name.endsWith('.json')) return name !== 'bicep-types.json'
  return name !== '.git' && name !== 'examples' && statSync(path).isDirectory()
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
