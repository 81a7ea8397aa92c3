import type { See, Step } from '../engine/step.ts'
import { expiryTag, markOf } from '../settings/tags.ts'
import type { Context } from './context.ts'
import type { HubFacts } from './hub.ts'
import { isOurs, type Tags, type Tracked } from './ownership.ts'
import type { GroupFacts } from './resourceGroup.ts'

export interface ExpiryFacts {
  /** What carries the tag, while that exists: the resource group when it is ours, else the hub. */
  readonly carrier: Tracked | undefined
}

/** Tags with which the carrier of the expiry is created; none when the environment has no end. */
export function bornExpiry({ azure, environment }: Context): Tags {
  const { expiresAfter } = environment
  return expiresAfter === undefined ? {} : expiryTag(azure.time.now() + expiresAfter)
}

/** True when the group is not this environment's, so that the hub carries the expiry. */
export function hubCarriesExpiry(
  { environment }: Context,
  group: Step<GroupFacts>,
  see: See
): boolean {
  const found = see(group).resource
  return found !== undefined && !isOurs(environment, found)
}

/** Keeps an environment alive that is in use: its expiry is put off once less than half of the time is left. */
export function expiryStep(
  context: Context,
  group: Step<GroupFacts>,
  hub: Step<HubFacts>
): Step<ExpiryFacts> {
  const { azure, environment } = context
  const { expiresAfter = 0, ownership } = environment
  const remaining = (carrier: Tracked) =>
    (markOf(carrier.tags, ownership)?.expires ?? 0) - azure.time.now()
  return {
    id: 'expiry',
    kind: 'Expiry',
    resource: environment.group.id,
    phase: 'identity',
    exceptional: true,
    needs: [group],
    reads: [group, hub],
    observe: async (see) => {
      const carrier = hubCarriesExpiry(context, group, see)
        ? see(hub).resource
        : see(group).resource
      return { carrier: carrier && isOurs(environment, carrier) ? carrier : undefined }
    },
    lacks: () => undefined,
    judge: ({ carrier }) =>
      carrier === undefined || remaining(carrier) > expiresAfter / 2
        ? { action: 'keep' }
        : { action: 'renew', reason: 'less than half of its time is left' },
    apply: async ({ facts, signal }) => {
      if (facts.carrier) await azure.tag(facts.carrier.id, bornExpiry(context), signal)
      return facts
    }
  }
}
