import type { Call } from '../kernel.ts'

/**
 * The model of the service that an api-version speaks: `A` has credentials with policies, `B` certificate authorities and
 * linked namespaces. Others, such as older and some newer stable ones, know neither (contract B, 1.3).
 */
export type Generation = 'A' | 'B'

/** Contract 1.2: namespaces and their credentials, hub, DPS and its data planes. */
const A = [
  '2025-11-01-preview',
  '2026-03-01-preview',
  '2025-08-01-preview',
  '2025-02-01-preview',
  '2025-07-01-preview'
]
/** Contract B, 1.4: the stable version, and previews with the same model. */
const B = ['2026-11-01', '2026-11-02-preview', '2026-10-01-preview', '2026-06-01-preview']

export function versionOf({ url }: Pick<Call, 'url'>): string {
  return url.searchParams.get('api-version') ?? ''
}

/** Undefined for a version that knows neither model. */
export function generationOf(call: Pick<Call, 'url'>): Generation | undefined {
  const version = versionOf(call)
  if (A.includes(version)) return 'A'
  return B.includes(version) ? 'B' : undefined
}
