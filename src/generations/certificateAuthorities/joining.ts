import { isAmong, sameText } from '../../azure/answer.ts'
import type { Check } from '../../engine/step.ts'
import type { Change } from '../../engine/verdict.ts'
import { differs } from '../../resources/differences.ts'
import { awaitsPrincipal } from '../../resources/identity.ts'
import type { Joining } from '../../resources/joining.ts'
import type { Dps, Hub, Identity } from '../../resources/model.ts'
import { provisioned } from '../../resources/state.ts'
import { HUB_TIERS, type HubSpec } from '../../settings/settings.ts'
import { inboundIdentity } from './inbound.ts'

/** Linked by the namespace later on: nothing of the link is said when they are made (contract B 4.1 and 4.2). */
const BORN = { identity: { type: 'SystemAssigned' }, properties: {} }
const S1 = { name: 'S1', capacity: 1 } as const

/** A hub of an S tier: no other can be linked. */
export function hubJoining({ sku }: HubSpec): Joining<Hub> {
  return {
    ...BORN,
    sku: sku ?? S1,
    properties: { disableLocalAuth: false, minTlsVersion: '1.2' },
    differences: ({ sku: now }) => {
      if (sku !== undefined) {
        return [
          ...differs('sku.name', now?.name, sku.name, sameText(now?.name, sku.name)),
          ...differs('sku.capacity', now?.capacity, sku.capacity)
        ]
      }
      return differs('sku.name', now?.name, S1.name, isAmong(HUB_TIERS, now?.name))
    },
    late: principalOf,
    checks: (hub) => [
      provisioned(hub),
      {
        what: 'is of a tier that can be linked',
        holds: isAmong(HUB_TIERS, hub.sku?.name),
        found: `its tier is ${hub.sku?.name}`,
        remedy: `Only ${HUB_TIERS.join(', ')} can be linked: give another name with the input \`hub\`.`
      },
      ...principalChecks(hub.identity)
    ]
  }
}

/** A DPS, whose identity only the creating PUT may attach: later IH400158 (contract B 4.2). */
export function dpsJoining(): Joining<Dps> {
  return {
    ...BORN,
    sku: S1,
    differences: ({ identity }): readonly Change[] =>
      differs(
        'identity.type',
        identity?.type,
        'SystemAssigned',
        inboundIdentity(identity) !== undefined
      ),
    late: principalOf,
    checks: (dps) => [provisioned(dps), ...principalChecks(dps.identity)]
  }
}

/** The answer to the creation may lack it. */
function principalOf({ identity }: { readonly identity?: Identity }): string | undefined {
  return awaitsPrincipal(identity) ? 'the principal id of its identity' : undefined
}

function principalChecks(identity: Identity | undefined): readonly Check[] {
  return [
    {
      what: 'has an identity by which it reaches the namespace',
      holds: inboundIdentity(identity) !== undefined,
      found: `its identity is ${identity?.type ?? 'None'}`,
      remedy:
        'Give a hub one with `az iot hub identity assign --system-assigned`; a DPS has to be made again with one.'
    }
  ]
}
