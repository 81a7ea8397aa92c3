import type { Azure } from '../../azure/azure.ts'
import { isPassing } from '../../azure/http/retry.ts'
import { poll, retryWhile } from '../../azure/http/wait.ts'
import type { AnyStep, See, Step } from '../../engine/step.ts'
import { BUDGETS } from '../../resources/budgets.ts'
import type { Dps } from '../../resources/model.ts'
import { isOurs } from '../../resources/ownership.ts'
import { notReady } from '../../resources/state.ts'
import type { Environment, Target } from '../../settings/settings.ts'
import type { DpsFacts } from '../../steps/dps.ts'
import type { LinkFacts } from './linkStep.ts'

export interface PushFacts {
  /** What the tag on the DPS says was pushed. */
  readonly pushed: string | undefined
  /** What never changes of the namespace that the DPS is linked to; undefined while it is linked to none. */
  readonly namespace: string | undefined
}

/** Of the DPS: the namespace whose link has been pushed to its data plane, and when. */
const PUSHED = 'iot-namespace-pushed'
const LOOK_MS = 10_000
/** Five minutes, after which it is left to the enrollment group to say whether it worked (contract B 4.2). */
const LOOKS = 30

interface Parents {
  readonly target: Target
  readonly dps: Step<DpsFacts>
  readonly link: Step<LinkFacts>
  readonly others: readonly AnyStep[]
}

/**
 * Tells the data plane of the DPS of its link with the namespace, which Azure does with any change of the tags: before that,
 * every enrollment group is refused with 400004 (contract B 4.2).
 */
export function pushStep(
  { arm, time, versions }: Pick<Azure, 'arm' | 'time' | 'versions'>,
  claim: Pick<Environment, 'ownership' | 'adopt' | 'tags' | 'serviceVersion' | 'linkExisting'>,
  { target, dps, link, others }: Parents
): Step<PushFacts> {
  const apiVersion = versions.provisioning
  const facts = (found: Dps | undefined, see: See): PushFacts => {
    const { namespace, placed } = see(link)
    return {
      pushed: found?.tags?.[PUSHED],
      namespace: placed && namespace?.properties?.uuid
    }
  }
  const read = (signal: AbortSignal) =>
    arm.get<Dps>(target.id, apiVersion, { operation: 'read Device Provisioning Service', signal })
  return {
    id: 'push',
    kind: 'Link in the data plane of the DPS',
    resource: target.id,
    phase: 'sync',
    needs: [dps, link, ...others],
    reads: [dps, link],
    observe: async (see) => facts(see(dps).resource, see),
    unmetRequirement: () => undefined,
    judge: ({ pushed, namespace }, see) => {
      const found = see(dps).resource
      if (namespace !== undefined && pushed?.startsWith(namespace)) return { action: 'keep' }
      // Its owner has pushed it; where not, the enrollment group says so.
      if (found !== undefined && !isOurs(claim, found) && !claim.linkExisting)
        return { action: 'keep', reason: 'shared' }
      return { action: 'act', reason: 'push the link to the data plane' }
    },
    apply: async ({ see, signal, progress }) => {
      const at = new Date(time.now()).toISOString()
      let pushed: string
      const push = async () => {
        const now = await read(signal)
        pushed = `${facts(now, see).namespace ?? ''} ${at}`
        if (now?.tags?.[PUSHED] === pushed) return
        const operation = 'push the link to the data plane of the DPS'
        // Tags are replaced as a whole (contract B 3.4).
        const body = { tags: { ...now?.tags, [PUSHED]: pushed } }
        await arm.patch(target.id, { apiVersion, operation, body, once: true, signal, progress })
      }
      await retryWhile(push, {
        ...BUDGETS.linkedHubs,
        when: isPassing,
        notify: () => progress('Azure to answer again, or another change of the DPS to end'),
        time,
        signal
      })
      const found = await poll({
        look: () => read(signal),
        missing: (one) => {
          if (one?.tags?.[PUSHED] !== pushed) return 'the DPS to show the push'
          return notReady(one)
        },
        everyMs: LOOK_MS,
        looks: LOOKS,
        progress,
        time,
        signal
      })
      return facts(found, see)
    }
  }
}
