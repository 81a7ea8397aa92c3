import { playDrifts } from '../drift.ts'
import type { Stage } from '../stage.ts'
import { DRIFTS, REVIVED } from './drifts.ts'
import { MODEL } from './versions.ts'

const INPUTS = { ...MODEL, environment: 'drift', location: 'westeurope', tags: 'team=iot' }

export const drift = (stage: Stage): Promise<void> => playDrifts(stage, 'drift', INPUTS, DRIFTS)

/** The same where a DPS that is made again is linked as its forerunner was. */
export const revivingDrift = (stage: Stage): Promise<void> =>
  playDrifts(stage, 'reviving drift', INPUTS, REVIVED)
