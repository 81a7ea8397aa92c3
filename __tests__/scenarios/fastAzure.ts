import { type Emulator, startEmulator } from '../../emulator/index.ts'
import type { ProfileName } from '../../emulator/latency.ts'

/** Waits of minutes pass in a fraction of a second; fast enough to run hundreds, slow enough for two cores. */
const SPEED = 200
/** What GitHub gives an assertion, in seconds. */
const ASSERTION_SECONDS = 300

/**
 * An emulated Azure in a hurry. An assertion lives for five minutes of the machine's time, not of the emulated: otherwise a
 * machine that stalls for a second and a half would let it expire on its way.
 */
export function startFastAzure(profile: ProfileName, speed = SPEED): Promise<Emulator> {
  return startEmulator({
    profile,
    speed,
    config: { github: { assertionSeconds: ASSERTION_SECONDS * speed } }
  })
}
