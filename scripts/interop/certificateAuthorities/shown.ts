import { shownDevices } from '../shown/devices.ts'
import { shownGroup } from '../shown/group.ts'
import { viewer } from '../shown/viewer.ts'
import type { Run, Stage } from '../stage.ts'
import { shownLinks } from './shownLinks.ts'
import { shownRegistry } from './shownRegistry.ts'

/** What one run made, looked at by somebody else. @param subject begins the name of each fact */
export function shown(stage: Stage, run: Run, subject: string) {
  const view = viewer(stage, run, subject)
  return { ...shownGroup(view), ...shownRegistry(view), ...shownDevices(view), ...shownLinks(view) }
}
