import { createRequire } from 'node:module'
import { SAMPLED } from './exhaustive-tests.mjs'

// What jest itself uses; it belongs to jest and is resolved from there.
const require = createRequire(createRequire(import.meta.url).resolve('jest'))
const { default: Sequencer } = require('@jest/test-sequencer')

/** The longest first: started last, one of them would keep one core busy while the other has nothing left to do. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const at = SAMPLED.findIndex((name) => path.endsWith(`/scenarios/${name}.test.ts`))
      return at === -1 ? SAMPLED.length : at
    }
    return super.sort(tests).sort((a, b) => rank(a) - rank(b))
  }
}
