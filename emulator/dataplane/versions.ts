import type { Call, Kernel } from '../kernel.ts'
import { versionOf } from '../providers/generation.ts'
import { DpsError } from './errors.ts'

/** Under this name the settings can offer other versions of the data planes of a DPS. */
const DATA_PLANE = 'azure-devices-provisioning.net'
const VERSIONS = ['2025-07-01-preview', '2026-11-01']

/** @throws DpsError 400004 for a version that is not served (contract B, 1.3) */
export function checkVersion({ config }: Kernel, call: Call): void {
  const version = versionOf(call)
  if ((config().apiVersions[DATA_PLANE] ?? VERSIONS).includes(version)) return
  throw new DpsError(400004, `Unsupported API version '${version}'.`)
}
