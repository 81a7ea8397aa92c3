import type { ConfigPatch } from '../../emulator/config.ts'
import type { Stage } from './stage.ts'

/** One thing that is played, in an Azure of its own. */
export interface Story {
  readonly play: (stage: Stage) => Promise<void>
  /** What is different about that Azure. */
  readonly config?: ConfigPatch
}

/** Stories by names that say what happens. */
export type Stories = Readonly<Record<string, Story>>
