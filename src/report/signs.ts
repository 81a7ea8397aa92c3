import { type Outcome, VERDICTS, type Verdict } from '../engine/verdict.ts'

/** A sign for the eye; the word beside it is for everybody. */
export const SIGNS: Readonly<Record<Outcome, string>> = {
  created: '➕',
  changed: '✏️',
  done: '🔑',
  removed: '➖',
  renewed: '🔄',
  waited: '⏳',
  failed: '❌',
  skipped: '⏭️',
  left: '✋',
  unchanged: '✅',
  'not started': '⏸️'
}

/** The sign of what is to be done is that of what is then done. */
export function signOf({ action }: Verdict): string {
  return SIGNS[VERDICTS[action].outcome]
}
