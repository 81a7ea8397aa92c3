import { rmSync } from 'node:fs'
import { compileAhead } from './compile-ahead.mjs'
import { COMPILE_CACHE } from './runner.ts'

/** Recordings are those of the last `npm test`, and of nothing older; the bundle is compiled once for all its runs. */
export default function prepare() {
  rmSync(new URL('../.records', import.meta.url), { recursive: true, force: true })
  compileAhead(COMPILE_CACHE)
}
