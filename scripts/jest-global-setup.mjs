import { rmSync } from 'node:fs'

/** Recordings are those of the last `npm test`, and of nothing older. */
export default function clearRecords() {
  rmSync(new URL('../.records', import.meta.url), { recursive: true, force: true })
}
