import type { ConfigPatch } from '../../emulator/config.ts'
import { afterApply } from './credentialsAndPolicies/afterApply.ts'
import { withDerivedNames, withGivenNames } from './credentialsAndPolicies/byHand.ts'
import { drift, losingDrift } from './credentialsAndPolicies/drift.ts'
import { bySdks } from './credentialsAndPolicies/sdks.ts'
import { setUp } from './setUp.ts'
import type { Stage } from './stage.ts'

/** One thing that is played, in an Azure of its own. */
export interface Story {
  readonly play: (stage: Stage) => Promise<void>
  /** What is different about that Azure. */
  readonly config?: ConfigPatch
}

/** The stories of each model of the service, by names that say what happens; a model has its own list of facts. */
export const MODELS: Readonly<Record<string, Readonly<Record<string, Story>>>> = {
  'any-model': {
    'set-up by the README': { play: setUp }
  },
  'credentials-and-policies': {
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
}
