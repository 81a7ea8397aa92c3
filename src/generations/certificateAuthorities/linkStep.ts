import type { Azure } from '../../azure/azure.ts'
import type { AnyStep, Check, Step } from '../../engine/step.ts'
import { cannot, type Problem, type Verdict } from '../../engine/verdict.ts'
import { born } from '../../resources/creationPreflight.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import { ownerOf } from '../../settings/ownerTags.ts'
import { sameId } from '../../settings/resourceId.ts'
import type { Environment, Phase, Target } from '../../settings/settings.ts'
import type { GrantFacts } from '../../steps/grants.ts'
import {
  endpointsOf,
  endpointTo,
  hasFailed,
  isLink,
  isLinked,
  isTerminal,
  MOST_HUBS,
  needsHealing,
  type Placed
} from './endpoints.ts'
import { inboundIdentity } from './inbound.ts'
import { type WantedLink, weightDiffers } from './linkBody.ts'
import type { LinkingNamespace } from './model.ts'
import { NamespaceLinks } from './namespaceLinks.ts'

export interface LinkFacts {
  readonly namespace: LinkingNamespace | undefined
  readonly placed: Placed | undefined
}

interface LinkStepOptions {
  readonly id: string
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  readonly phase: Phase
  readonly link: WantedLink
  /** The links of this environment that go into the same section. */
  readonly wanted: readonly WantedLink[]
}

interface Parents {
  readonly of: Target
  readonly namespace: Step<ArmFacts<LinkingNamespace>>
  readonly target: Step<ArmFacts<Hub | Dps>>
  /** By which namespace and resource act on each other. */
  readonly grants: readonly Step<GrantFacts>[]
  /** The link of the DPS, for a hub: it goes first (contract B section 2). */
  readonly others: readonly AnyStep[]
}

/**
 * A grant that can be seen is not in effect yet. Azure's own scripts wait a minute and then try a dozen times (contract B
 * 5.3); each try takes longer than a minute, so that some seconds more cost less than one in vain. Azure looks at the
 * grants when it has taken the write, some twenty seconds after it came (inferred).
 */
const HEAD_START_MS = 82_000

/** A hub or DPS, linked to the namespace: for good, as Azure takes no link back while the two live. */
export function linkToNamespace(
  azure: Pick<Azure, 'arm' | 'time' | 'versions'>,
  claim: Pick<Environment, 'ownership' | 'linkExisting'>,
  { id, kind, phase, link, wanted }: LinkStepOptions,
  { of, namespace, target, grants, others }: Parents
): Step<LinkFacts> {
  const { resourceId, section } = link
  const read = (found: LinkingNamespace | undefined): LinkFacts => ({
    namespace: found,
    placed: endpointTo(found, resourceId)
  })

  /** Why it is not linked, although it could be asked for. */
  const obstacle = (
    found: LinkingNamespace | undefined,
    resource: Hub | Dps | undefined
  ): Problem | undefined => {
    const other = resource && mirrored(resource)
    if (other !== undefined && !sameId(other, of.id)) {
      return {
        what: `${kind} ${resourceId} is linked to another namespace, ${other}, for good`,
        advice: `Delete it and let it be made again, or give another name with the input \`${section === 'messaging' ? 'hub' : 'dps'}\`.`
      }
    }
    const taken = endpointsOf(found).filter((one) => one.section === section && isLink(one))
    const foreign = taken.filter(
      ({ endpoint }) => !wanted.some((one) => sameId(one.resourceId, endpoint.resourceId))
    )
    if (section === 'provisioning' && foreign[0]) {
      return {
        what: `The namespace ${of.id} has another DPS, ${foreign[0].endpoint.resourceId}, and can have only one`,
        advice: 'Give that one with the input `dps`, or another namespace with `namespace`.'
      }
    }
    if (section === 'messaging' && foreign.length + wanted.length > MOST_HUBS) {
      return {
        what: `The namespace ${of.id} would have ${foreign.length + wanted.length} hubs, and can have ${MOST_HUBS} (quota)`,
        advice:
          'Destroy an environment that is not needed any more, or give another namespace with the input `namespace`.'
      }
    }
    if (resource && ownerOf(resource, claim.ownership) !== 'ours' && !claim.linkExisting) {
      return {
        what: `${kind} ${resourceId} was not made by this environment, and linking it to the namespace ${of.id} cannot be taken back`,
        advice: 'Set `link-existing: true` to link it all the same.'
      }
    }
    if (resource && inboundIdentity(resource.identity) === undefined) {
      return {
        what: `${kind} ${resourceId} has no identity by which it could reach the namespace ${of.id}`,
        advice:
          section === 'messaging'
            ? `Give it one with \`az iot hub identity assign --system-assigned --name ${link.name}\`.`
            : 'A DPS gets one only when it is made: give another name with the input `dps`.'
      }
    }
    return undefined
  }

  return {
    id,
    kind: `Link of ${kind}`,
    resource: `${of.id}#${link.name}`,
    phase,
    needs: [namespace, target, ...grants, ...others],
    reads: [namespace, target],
    observe: async (see) => read(see(namespace).resource),
    unmetRequirement: ({ placed }) =>
      placed && isLinked(placed.endpoint) ? undefined : 'it is not linked to the namespace',
    judge: ({ namespace: found, placed }, see): Verdict => {
      // The endpoint of what is gone goes before that is made again: its link is another one.
      const endpoint = see(target).resource === undefined ? undefined : placed?.endpoint
      if (endpoint && isLinked(endpoint)) {
        if (found && needsHealing(found))
          return { action: 'act', reason: 'repair the namespace, which has failed' }
        const changes = weightDiffers(link, endpoint)
        return changes.length === 0 ? { action: 'keep' } : { action: 'change', changes }
      }
      const problem = obstacle(found, see(target).resource)
      if (problem) return cannot(problem)
      if (endpoint === undefined) {
        const { allocationWeight } = link
        const changes = born({ 'provisioning.allocationWeight': allocationWeight })
        // Its endpoint cannot be dropped while hubs are linked, and no source tells whether a namesake takes it over.
        const dead = placed !== undefined && section === 'provisioning' && hasHubs(found)
        const warning = `${kind} ${resourceId} was deleted while hubs were linked to the namespace ${of.id}. Whether one that is made again takes its place is not known: if Azure then refuses the enrollment group because a hub is not linked, the namespace is lost; give another name with the inputs \`namespace\`, \`hub\` and \`dps\`.`
        const unknown = ['linkingState']
        return { action: 'create', changes, unknown, ...(dead && { warning }) }
      }
      if (!hasFailed(endpoint) || !isTerminal(found?.properties?.provisioningState)) {
        return { action: 'await', reason: `Azure to link it (${endpoint.linkingState})` }
      }
      const { code = 'no code', message = '' } = endpoint.linkingError ?? {}
      return { action: 'act', reason: `link it again, which failed with ${code}: ${message}` }
    },
    apply: async ({ see, signal, progress }) => {
      const inbound = inboundIdentity(see(target).resource?.identity)
      const spec = { ...link, inbound }
      const youngest = Math.max(0, ...grants.map((step) => see(step).madeAt ?? 0))
      const early = youngest + HEAD_START_MS - azure.time.now()
      if (youngest > 0 && early > 0) {
        progress('the grants to take effect')
        await azure.time.sleep(early, signal)
      }
      return read(await NamespaceLinks.of(azure, of).link(spec, { signal, progress }))
    },
    wait: async ({ signal, progress }) =>
      read(await NamespaceLinks.of(azure, of).ended(link, { signal, progress })),
    checks: ({ namespace: found, placed }): readonly Check[] =>
      placed === undefined
        ? []
        : [
            {
              what: `is linked to the namespace ${of.name}`,
              holds: isLinked(placed.endpoint),
              found: stateOf(placed),
              remedy: `Run \`operation: apply\` with the phase \`${phase}\`.`
            },
            {
              what: 'has a namespace that is provisioned',
              holds: !(found && needsHealing(found)),
              found: `the namespace is in state ${found?.properties?.provisioningState}`,
              remedy: 'Run `operation: apply`, which repairs it.'
            }
          ],
    state: ({ placed }) =>
      placed && {
        resource: resourceId,
        linkingState: placed.endpoint.linkingState,
        ...(placed.endpoint.linkingError && { linkingError: placed.endpoint.linkingError }),
        ...(placed.endpoint.deviceAddress && { deviceAddress: placed.endpoint.deviceAddress })
      }
  }
}

function hasHubs(namespace: LinkingNamespace | undefined): boolean {
  return endpointsOf(namespace).some((one) => one.section === 'messaging' && isLink(one))
}

function stateOf({ endpoint: { linkingState, linkingError } }: Placed): string {
  const why = linkingError ? `: ${linkingError.code}: ${linkingError.message}` : ''
  return `its link is ${linkingState}${why}`
}

/** Id of the namespace that a hub or DPS says it is linked to. */
export function mirrored({ properties = {} }: Hub | Dps): string | undefined {
  if ('deviceRegistry' in properties) return properties.deviceRegistry?.namespaceResourceId
  if ('deviceRegistryNamespaces' in properties)
    return properties.deviceRegistryNamespaces?.[0]?.resourceId
  return undefined
}
