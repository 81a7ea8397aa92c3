import type { Run, Stage } from '../stage.ts'
import { shownDevices } from './shownDevices.ts'
import { shownGroup } from './shownGroup.ts'
import { shownRegistry } from './shownRegistry.ts'
import { viewer } from './viewer.ts'

/** What one run made, looked at by somebody else. @param subject begins the name of each fact */
export function shown(stage: Stage, run: Run, subject: string) {
  const view = viewer(stage, run, subject)
  return { ...shownGroup(view), ...shownRegistry(view), ...shownDevices(view) }
}
