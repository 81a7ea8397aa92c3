import type { Drift } from './drift.ts'

type Of = Parameters<Drift['command']>[0]

/** The group of the environment, as options of the CLI's. */
export const inGroup = (of: Of): readonly string[] => ['--resource-group', of('resource-group')]

/** Takes one role away. @param scope output with an id @param principal output with an object id, or one that is looked up */
export const unassign =
  (output: string, principal: string, role: string): Drift['command'] =>
  (of, { az }) =>
    az.ask(
      ...['role', 'assignment', 'delete', '--assignee', of(principal)],
      ...['--role', role, '--scope', of(output)]
    )

/** What repairs tags, and what repairs a role. */
export const TAGS = /^PATCH .*\/providers\/Microsoft\.Resources\/tags\/default$/
export const GRANT = /^PUT .*\/providers\/Microsoft\.Authorization\/roleAssignments\/[^/]+$/

/** What may happen to an environment of any model. */
export const COMMON: readonly Drift[] = [
  {
    name: 'nothing',
    command: async () => {},
    repaired: [],
    written: []
  },
  {
    name: 'iot hub update --set tags',
    command: (of, { az }) =>
      az.ask(
        'iot',
        'hub',
        'update',
        '--name',
        of('hub'),
        ...inGroup(of),
        '--set',
        'tags.team=other'
      ),
    repaired: [/^hub\//],
    written: [TAGS]
  },
  {
    name: 'tag update of the DPS',
    command: (of, { az }) =>
      az.ask(
        'tag',
        'update',
        '--resource-id',
        of('dps-id'),
        '--operation',
        'Merge',
        '--tags',
        'team=other'
      ),
    repaired: [/^dps$/],
    written: [TAGS]
  },
  {
    name: 'group update --set tags',
    command: (of, { az }) =>
      az.ask('group', 'update', '--name', of('resource-group'), '--set', 'tags.team=other'),
    repaired: [/^resource-group$/],
    written: [TAGS]
  }
]
