// Loaded by the emulator's clients with NODE_OPTIONS=--import: makes their time run as fast as the emulator's.
// The client's own code stays as it is; it simply lives in a faster world.

import { syncBuiltinESMExports } from 'node:module'
import { performance } from 'node:perf_hooks'
import timers from 'node:timers'
import promises from 'node:timers/promises'

const speed = Number(process.env.EMULATOR_SPEED ?? '1')
const epoch = Number(process.env.EMULATOR_EPOCH ?? Date.now())

if (speed !== 1) {
  /** Below this a delay is a matter of the event loop, not of waiting. */
  const SHORTEST_MS = 20
  const scaled = (ms) => (typeof ms === 'number' && ms > SHORTEST_MS ? ms / speed : ms)

  const RealDate = Date
  const realNow = RealDate.now.bind(RealDate)
  // The two clocks parted at the epoch, so both sides compute the same emulated instant.
  const now = () => Math.round(epoch + (realNow() - epoch) * speed)
  class FastDate extends RealDate {
    constructor(...args) {
      super(...(args.length === 0 ? [now()] : args))
    }
    static now() {
      return now()
    }
  }
  globalThis.Date = FastDate
  const start = performance.now()
  const realPerformanceNow = performance.now.bind(performance)
  performance.now = () => start + (realPerformanceNow() - start) * speed

  const { setTimeout: realTimeout, setInterval: realInterval } = timers
  const fast = (real) => {
    const wrapped = (act, ms, ...args) => real(act, scaled(ms), ...args)
    // util.promisify(setTimeout) goes through this symbol.
    for (const symbol of Object.getOwnPropertySymbols(real)) {
      wrapped[symbol] = (ms, ...rest) => real[symbol](scaled(ms), ...rest)
    }
    return wrapped
  }
  globalThis.setTimeout = timers.setTimeout = fast(realTimeout)
  globalThis.setInterval = timers.setInterval = fast(realInterval)
  const realSleep = promises.setTimeout
  promises.setTimeout = (ms, ...rest) => realSleep(scaled(ms), ...rest)
  syncBuiltinESMExports()
}
