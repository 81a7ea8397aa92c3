// Node strips the types itself, keeping every position, so neither a compiler nor source maps are needed.
import { stripTypeScriptTypes } from 'node:module'

export default { process: (code) => ({ code: stripTypeScriptTypes(code) }) }
