import { rmSync } from 'node:fs'
import { compileAhead } from './compile-ahead.mjs'
import { COMPILE_CACHE } from './runner.ts'

/**
 * The bundle is compiled once for all its runs. Recordings are those of the last `npm test`, and of nothing older; the
 * exhaustive tests record nothing.
 */
export default function prepare(_global, { globals }) {
  if (!globals.exhaustive)
    rmSync(new URL('../.records', import.meta.url), { recursive: true, force: true })
  compileAhead(COMPILE_CACHE)
}
