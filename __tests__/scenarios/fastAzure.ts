import { availableParallelism, loadavg } from 'node:os'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import type { ProfileName } from '../../emulator/latency.ts'

/** Waits of minutes pass in a fraction of a second; fast enough to run hundreds, slow enough for two cores. */
const SPEED = 200
/** Processes at work for each core with which a run still keeps up; the tests alone are about so many. */
const BEARABLE = 3
/** What GitHub gives an assertion, in seconds. */
const ASSERTION_SECONDS = 300

/**
 * An emulated Azure in a hurry. An assertion lives for five minutes of the machine's time, not of the emulated: otherwise a
 * machine that stalls for a second and a half would let it expire on its way.
 */
export function startFastAzure(profile: ProfileName, speed = affordable()): Promise<Emulator> {
  return startEmulator({
    profile,
    speed,
    config: { github: { assertionSeconds: ASSERTION_SECONDS * speed } }
  })
}

/**
 * Slower on a machine that others keep busy. Deadlines pass at this speed, but a run only gets its share of the processor:
 * the hour that it has by default would be over after eighteen seconds.
 */
function affordable(): number {
  const [lastMinute = 0] = loadavg()
  const overload = lastMinute / availableParallelism() / BEARABLE
  return Math.round(SPEED / Math.max(1, overload))
}
