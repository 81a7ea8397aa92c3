import { isAmong, sameText } from '../azure/answer.ts'
import { ENDED_BADLY } from '../azure/operation.ts'
import type { Check } from '../engine/step.ts'
import { cannot, type Verdict } from '../engine/verdict.ts'
import type { Claim } from './claim.ts'
import type { TrackedResource } from './model.ts'
import { isOurs } from './ownership.ts'

/** States in which Azure is at work; anything else than these and a good end stays as it is. */
const PASSING = [
  'Accepted',
  'Activating',
  'Creating',
  'Provisioning',
  'Resuming',
  'Transitioning',
  'Updating'
]
const FAILED = [...ENDED_BADLY, 'ActivationFailed']

/**
 * The state that is not a good one. Microsoft.Devices tells `state` as well, which is the one that counts there: an active
 * service whose last change came to nothing lives, and is changed again.
 */
function badState({ properties = {} }: TrackedResource): string | undefined {
  const { provisioningState = 'Succeeded', state } = properties
  if (state !== undefined && !sameText(state, 'Active')) return state
  if (sameText(provisioningState, 'Succeeded')) return undefined
  return state !== undefined && isAmong(FAILED, provisioningState) ? undefined : provisioningState
}

/** What stands between a resource and its use, in words that follow `waiting for`. */
export function notReady(resource: TrackedResource): string | undefined {
  const state = badState(resource)
  return state === undefined ? undefined : readiness(state)
}

function readiness(state: string): string {
  return `Azure to have it ready (its state is ${state})`
}

/** True when it is not ready and Azure is not at work on it. */
export function isStuck(resource: TrackedResource): boolean {
  const state = badState(resource)
  return state !== undefined && !isAmong(PASSING, state)
}

/** True when Azure says, by the words for it, that it has made it: what says nothing of its state is no word for that. */
export function isFinished(resource: TrackedResource): boolean {
  const { provisioningState } = resource.properties ?? {}
  return sameText(provisioningState, 'Succeeded') && badState(resource) === undefined
}

/** True while Azure is at work on it. */
export function isAtWork(resource: TrackedResource): boolean {
  return isAmong(PASSING, badState(resource))
}

/** True while Azure is still deleting the resource (contract 20.3). */
export function isLeaving({ properties }: TrackedResource): boolean {
  return isAmong([properties?.provisioningState ?? '', properties?.state ?? ''], 'Deleting')
}

/** True when Azure gave up on making it. */
export function isFailed(resource: TrackedResource | undefined): boolean {
  return resource !== undefined && isAmong(FAILED, badState(resource))
}

/**
 * What the state of a resource calls for: one that Azure is at work on is waited for; one that failed is made again when
 * it is ours and never lived.
 */
export function condition<R extends TrackedResource>(
  claim: Claim,
  kind: string,
  resource: R,
  { safeToRecreate = () => true }: { readonly safeToRecreate?: (resource: R) => boolean }
): Verdict | undefined {
  const state = badState(resource)
  if (state === undefined) return undefined
  if (isAmong(PASSING, state)) return { action: 'await', reason: readiness(state) }
  const ours = isOurs(claim, resource)
  if (isFailed(resource) && ours && safeToRecreate(resource)) {
    return { action: 'act', reason: 'finish its creation, which failed' }
  }
  return cannot({
    what: `${kind} ${resource.id} is in state ${state}`,
    advice: ours
      ? `Look at its activity log in the portal. If nothing in it is needed, delete it with \`az resource delete --ids ${resource.id}\` and run again.`
      : 'It is shared: let its owner look at its activity log in the portal and repair it.'
  })
}

/** Azure finished making it, and it has not failed since. */
export function provisioned(resource: TrackedResource): Check {
  return {
    what: 'is provisioned',
    holds: badState(resource) === undefined,
    found: `its state is ${badState(resource)}`,
    remedy: 'Look at its activity log in the portal, then run `operation: apply`.'
  }
}
