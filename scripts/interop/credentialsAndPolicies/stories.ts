import type { Stories } from '../story.ts'
import { afterApply } from './afterApply.ts'
import { withDerivedNames, withGivenNames } from './byHand.ts'
import { drift, losingDrift } from './drift.ts'
import { bySdks } from './sdks.ts'

/** Of the tutorial's model. */
export const STORIES: Stories = {
  'after an apply': { play: afterApply },
  'the tutorial by hand, with given names': { play: withGivenNames },
  'the tutorial by hand, with derived names': { play: withDerivedNames },
  'drift by a CLI': { play: drift },
  'drift by a CLI whose PUTs lose what is newer': {
    play: losingDrift,
    config: { olderPuts: 'drop' }
  },
  "Microsoft's SDKs": { play: bySdks }
}
