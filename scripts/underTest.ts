import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * `npm run coverage` names its folder in this variable: another bundle of the same sources is in it, and every run leaves there
 * which parts it went through.
 */
export const COVERAGE_FOLDER = 'PROVISION_COVERAGE_FOLDER'

/** A run compiles the bundle anew; hundreds of them need not. */
export const COMPILE_CACHE = join(tmpdir(), 'provision-azure-iot-compiled')

const coverage = process.env[COVERAGE_FOLDER]

/** The file that a run starts with. */
export const BUNDLE =
  coverage === undefined
    ? fileURLToPath(new URL('../dist/index.js', import.meta.url))
    : join(coverage, 'bundle/index.js')

/** The only variable of a run that no runner sets. What is compiled ahead is not counted exactly. */
export const NODE_VARIABLES: Readonly<Record<string, string>> =
  coverage === undefined
    ? { NODE_COMPILE_CACHE: COMPILE_CACHE }
    : { NODE_V8_COVERAGE: join(coverage, 'runs') }

/** What takes it away for a run that is timed: no job has what an earlier one compiled. */
export const COLD = { NODE_COMPILE_CACHE: undefined }
