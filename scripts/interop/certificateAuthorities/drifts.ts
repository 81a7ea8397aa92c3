import { COMMON, GRANT, inGroup, TAGS, unassign } from '../commonDrifts.ts'
import type { Drift } from '../drift.ts'
import { enrollments } from '../enrollmentGroup.ts'
import { ROLES } from '../roles.ts'
import { VERSION } from './versions.ts'

type Command = Drift['command']

const rest =
  (method: string, id: (of: Parameters<Command>[0]) => string, body?: object): Command =>
  (of, { az }) =>
    az.ask(
      ...['rest', '--method', method, '--url', `${id(of)}?api-version=${VERSION}`],
      ...(body === undefined ? [] : ['--body', JSON.stringify(body)])
    )
const remove =
  (output: string): Command =>
  (of, { az }) =>
    az.ask('resource', 'delete', '--ids', of(output), '--api-version', VERSION)
const tag =
  (output: string): Command =>
  (of, { az }) =>
    az.ask(
      ...['tag', 'update', '--resource-id', of(output)],
      ...['--operation', 'Merge', '--tags', 'team=other']
    )

const POLICY = /^PUT .*\/certificatePolicies\/default$/
const ISSUING = /^PUT .*\/certificateAuthorities\/issuing-default$/
const ENROLLMENT = /^PUT \/enrollmentGroups\/[^/]+$/
const LINK = /^PATCH .*\/namespaces\/[^/]+$/

export const DRIFTS: readonly Drift[] = [
  ...COMMON,
  {
    name: 'tag update of the namespace',
    command: tag('namespace-id'),
    repaired: [/^namespace$/],
    written: [TAGS]
  },
  {
    name: 'tag update of the issuing authority',
    command: tag('certificate-authority-id'),
    repaired: [/^certificate-authority\/issuing-default$/],
    written: [TAGS]
  },
  {
    name: 'role assignment delete on the namespace, its own',
    command: unassign('namespace-id', 'namespace-principal-id', ROLES.registryAdministrator),
    repaired: [/^grant\/namespace$/],
    written: [GRANT]
  },
  {
    name: 'role assignment delete on the DPS',
    command: unassign('dps-id', 'namespace-principal-id', ROLES.contributor),
    repaired: [/^grant\/namespace\/dps-/],
    written: [GRANT]
  },
  {
    name: 'role assignment delete on the hub',
    command: unassign('hub-id', 'namespace-principal-id', ROLES.hubData),
    repaired: [/^grant\/namespace\/hub-/],
    written: [GRANT]
  },
  {
    name: 'rest, days of the policy',
    command: rest('patch', (of) => of('certificate-policy-id'), {
      properties: { certificate: { validityPeriodInDays: 45 } }
    }),
    repaired: [/^policy\/default$/],
    written: [/^PATCH .*\/certificatePolicies\/default$/]
  },
  {
    // Weights that the inputs do not name are the owner's.
    name: 'rest, weight of the hub',
    command: (of, stage) =>
      rest('patch', () => of('namespace-id'), {
        properties: {
          messaging: {
            endpoints: {
              [of('hub')]: {
                endpointType: 'Microsoft.Devices/IotHubs',
                resourceId: of('hub-id'),
                inboundCallerIdentity: { type: 'SystemAssigned' },
                provisioning: { availability: 'Available', allocationWeight: 7 }
              }
            }
          }
        }
      })(of, stage),
    repaired: [],
    written: []
  },
  {
    name: 'resource delete of the policy',
    command: remove('certificate-policy-id'),
    repaired: [/^policy\/default$/],
    written: [POLICY]
  },
  {
    name: 'resource delete of the issuing authority',
    command: async (of, stage) => {
      await remove('certificate-policy-id')(of, stage)
      await remove('certificate-authority-id')(of, stage)
    },
    repaired: [/^certificate-authority\/issuing-default$/, /^policy\/default$/],
    written: [ISSUING, POLICY]
  },
  {
    name: 'rest, enrollment group deleted',
    command: async (of, { az }) => {
      const service = await enrollments(az, of('dps'), of('resource-group'), VERSION)
      await service.remove(of('enrollment-group'))
    },
    repaired: [/^enrollment-group\//],
    written: [ENROLLMENT]
  },
  {
    // Azure alone puts the certificate there, when the authority is made.
    name: 'iot hub certificate delete',
    command: async (of, { az }) => {
      const hub = ['--hub-name', of('hub'), ...inGroup(of)]
      const { value } = await az.ask('iot', 'hub', 'certificate', 'list', ...hub)
      const [{ name, etag }] = value
      await az.ask('iot', 'hub', 'certificate', 'delete', ...hub, '--name', name, '--etag', etag)
    },
    repaired: [],
    written: [],
    awaited: [/^hub-certificates$/]
  },
  {
    name: 'iot hub delete',
    command: (of, { az }) => az.ask('iot', 'hub', 'delete', '--name', of('hub'), ...inGroup(of)),
    repaired: [/^unlink\/hub-/, /^hub\//, /^grant\/.*\/hub-/, /^link\/hub-/],
    written: [
      ...[/^PUT .*\/IotHubs\/[^/]+$/, GRANT, LINK],
      // Its dead link goes, for which the namespace may read the group that the hub was in.
      ...[/^PUT .*\/namespaces\/[^/]+$/, /^DELETE .*\/roleAssignments\/[^/]+$/]
    ]
  },
  {
    name: 'group delete',
    command: (of, { az }) => az.ask('group', 'delete', '--name', of('resource-group'), '--yes'),
    repaired: [
      ...[/^resource-group$/, /^namespace$/, /^grant\//, /^dps$/, /^hub\//, /^link\//],
      ...[/^certificate-authority\//, /^policy\/default$/, /^push$/, /^enrollment-group\//]
    ],
    written: [
      /^PUT \/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i,
      GRANT,
      LINK,
      /^PUT .*\/(namespaces|IotHubs|provisioningServices)\/[^/]+$/,
      /^PATCH .*\/provisioningServices\/[^/]+$/,
      /^PUT .*\/certificateAuthorities\/root$/,
      ISSUING,
      POLICY,
      ENROLLMENT
    ]
  }
]

/** Where a new DPS takes over the link of the one that was deleted; where none does, the action can only say so. */
export const REVIVED: readonly Drift[] = [
  {
    name: 'iot dps delete',
    command: (of, { az }) => az.ask('iot', 'dps', 'delete', '--name', of('dps'), ...inGroup(of)),
    repaired: [/^dps$/, /^grant\/.*dps/, /^link\/dps-/, /^push$/, /^enrollment-group\//],
    written: [
      ...[/^PUT .*\/provisioningServices\/[^/]+$/, /^PATCH .*\/provisioningServices\/[^/]+$/],
      ...[GRANT, ENROLLMENT]
    ]
  }
]
