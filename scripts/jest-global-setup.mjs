import { rmSync } from 'node:fs'
import { compileAhead } from './compile-ahead.mjs'

/**
 * The bundle is compiled once for all its runs. Recordings are those of the last `npm test`, and of nothing older; the
 * exhaustive tests add theirs.
 */
export default async function prepare(_global, { globals }) {
  // Tests must run on the runtime that the action runs on.
  if (!process.versions.node.startsWith('24.')) {
    throw new Error(
      `Node 24 is needed, this is ${process.version}: run \`npm ci\` with install scripts enabled.`
    )
  }
  if (!globals.exhaustive)
    rmSync(new URL('../.records', import.meta.url), { recursive: true, force: true })
  // Not before: an older Node knows no TypeScript.
  const { COMPILE_CACHE } = await import('./underTest.ts')
  compileAhead(COMPILE_CACHE)
}
