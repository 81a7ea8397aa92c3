import { playDrifts } from '../drift.ts'
import type { Stage } from '../stage.ts'
import { DRIFTS, LOSING } from './drifts.ts'
import { MODEL } from './versions.ts'

const INPUTS = {
  ...MODEL,
  environment: 'drift',
  location: 'westeurope',
  'hub-location': 'northeurope',
  tags: 'team=iot'
}

export const drift = (stage: Stage): Promise<void> => playDrifts(stage, 'drift', INPUTS, DRIFTS)

/** The same where an older version's PUT loses what it does not know. */
export const losingDrift = (stage: Stage): Promise<void> =>
  playDrifts(stage, 'losing drift', INPUTS, LOSING)
