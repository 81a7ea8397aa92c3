import { COMMON, GRANT, inGroup, TAGS, unassign } from '../commonDrifts.ts'
import type { Drift } from '../drift.ts'
import { ROLES } from '../roles.ts'

const loseTags: Drift['command'] = (of, { az }) =>
  az.ask('iot', 'hub', 'update', '--name', of('hub'), ...inGroup(of), '--tags', 'owner=somebody')
export const DRIFTS: readonly Drift[] = [
  ...COMMON,
  {
    // All tags are replaced: by none of them the hub is the environment's any more.
    name: 'iot hub update --tags',
    command: loseTags,
    repaired: [],
    written: []
  },
  {
    name: 'iot hub update --tags, then adopted',
    command: loseTags,
    inputs: { adopt: 'true' },
    repaired: [/^hub\//],
    written: [TAGS]
  },
  {
    name: 'iot dps linked-hub delete',
    command: (of, { az }) =>
      az.ask(
        'iot',
        'dps',
        'linked-hub',
        'delete',
        '--dps-name',
        of('dps'),
        ...inGroup(of),
        '--linked-hub',
        of('hub')
      ),
    repaired: [/^link\//],
    written: [/^PUT .*\/provisioningServices\/[^/]+$/]
  },
  {
    name: 'iot dps linked-hub update',
    command: (of, { az }) =>
      az.ask(
        ...['iot', 'dps', 'linked-hub', 'update', '--dps-name', of('dps'), ...inGroup(of)],
        ...[
          '--linked-hub',
          of('hub'),
          '--allocation-weight',
          '7',
          '--apply-allocation-policy',
          'false'
        ]
      ),
    // Weights that the inputs do not name are the owner's.
    repaired: [],
    written: []
  },
  {
    name: 'role assignment delete on the namespace',
    command: unassign('namespace-id', 'identity-principal-id', ROLES.registryContributor),
    repaired: [/^grant\/identity$/],
    written: [GRANT]
  },
  {
    name: 'role assignment delete on the hub',
    command: unassign('hub-id', 'namespace-principal-id', ROLES.hubContributor),
    repaired: [/^grant\/hub-/],
    written: [GRANT]
  },
  {
    name: 'iot hub certificate delete',
    command: async (of, { az }) => {
      const hub = ['--hub-name', of('hub'), ...inGroup(of)]
      const { value } = await az.ask('iot', 'hub', 'certificate', 'list', ...hub)
      await az.ask(
        'iot',
        'hub',
        'certificate',
        'delete',
        ...hub,
        '--name',
        value[0].name,
        '--etag',
        value[0].etag
      )
    },
    repaired: [/^sync$/],
    written: [/^POST .*\/credentials\/default\/synchronize$/]
  },
  {
    name: 'policy deleted by resource delete',
    command: (of, { az }) =>
      az.ask(
        'resource',
        'delete',
        '--ids',
        `${of('credential-id')}/policies/default`,
        '--api-version',
        '2025-11-01-preview'
      ),
    repaired: [/^policy\/default$/, /^sync$/],
    written: [/^PUT .*\/policies\/default$/, /^POST .*\/synchronize$/]
  },
  {
    name: 'iot dps delete',
    command: (of, { az }) => az.ask('iot', 'dps', 'delete', '--name', of('dps'), ...inGroup(of)),
    repaired: [/^dps$/, /^link\//, /^enrollment-group\//],
    written: [/^PUT .*\/provisioningServices\/[^/]+$/, /^PUT \/enrollmentGroups\/[^/]+$/]
  },
  {
    name: 'group delete',
    command: (of, { az }) => az.ask('group', 'delete', '--name', of('resource-group'), '--yes'),
    repaired: [
      ...[/^resource-group$/, /^grant\/iot-hub-application$/, /^identity$/, /^namespace$/],
      ...[
        /^grant\/identity$/,
        /^credential$/,
        /^policy\/default$/,
        /^hub\//,
        /^grant\/hub-/,
        /^dps$/
      ],
      ...[/^link\//, /^sync$/, /^enrollment-group\//]
    ],
    written: [
      /^PUT \/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i,
      GRANT,
      /^PUT .*\/userAssignedIdentities\/[^/]+$/,
      /^PUT .*\/(namespaces|IotHubs|provisioningServices)\/[^/]+$/,
      /^PUT .*\/credentials\/default(\/policies\/default)?$/,
      /^POST .*\/synchronize$/,
      /^PUT \/enrollmentGroups\/[^/]+$/
    ]
  }
]

const pick = (name: string): Drift => {
  const found = DRIFTS.find((one) => one.name === name)
  if (found === undefined) throw new Error(`there is no drift '${name}'`)
  return found
}
const WHOLE_DPS = [/^PUT .*\/provisioningServices\/[^/]+$/]

/** What a PUT of an older version loses with it: the DPS's namespace and identity, which come back, and the hub's namespace. */
export const LOSING: readonly Drift[] = [
  { ...pick('iot dps linked-hub delete'), repaired: [/^dps$/, /^link\//], written: WHOLE_DPS },
  { ...pick('iot dps linked-hub update'), repaired: [/^dps$/], written: WHOLE_DPS },
  { ...pick('iot hub update --set tags'), repaired: [], written: [], stays: true }
]
