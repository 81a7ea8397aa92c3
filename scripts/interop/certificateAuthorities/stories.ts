import type { Stories } from '../story.ts'
import { afterApply } from './afterApply.ts'
import { drift, revivingDrift } from './drift.ts'
import { bySdks } from './sdks.ts'

/** Of the model that follows the tutorial's. */
export const STORIES: Stories = {
  'after an apply': { play: afterApply },
  'drift by a CLI': { play: drift },
  'drift by a CLI where a DPS takes over its link': {
    play: revivingDrift,
    config: { registry: { dpsRevived: true } }
  },
  "Microsoft's SDKs": { play: bySdks }
}
