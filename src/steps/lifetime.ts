import type { See, Step, Verdict } from '../engine/step.ts'
import type { Context } from '../resources/context.ts'
import type { Tracked } from '../resources/model.ts'
import { isOurs } from '../resources/ownership.ts'
import type { TrackedFacts } from '../resources/tracked.ts'
import { LIFETIME_TAGS, lifetimeOf, lifetimeTags, type Tags } from '../settings/ownerTags.ts'

export interface LifetimeFacts {
  /** What carries the tags, while that exists: the resource group when it is ours, else the first hub. */
  readonly carrier: Tracked | undefined
}

/** Longer than this a new end must be sooner than the present one to count as shortened: clocks differ. */
const TOLERANCE_MS = 60_000

/** By Azure's clock, which also judges the end; by ours while Azure has said nothing. */
function now({ azure }: Context): number {
  return azure.arm.now() ?? azure.time.now()
}

/** Tags with which the carrier is created. */
export function bornLifetime(context: Context): Tags {
  const { expiresAfter, ownership } = context.environment
  const { branch } = ownership
  return lifetimeTags(
    expiresAfter === undefined ? undefined : now(context) + expiresAfter,
    branch === 'as recorded' ? undefined : branch.livesWith
  )
}

/** True when the group is not this environment's, so that the hub is the carrier. */
export function hubCarriesLifetime(
  { environment }: Context,
  group: Step<TrackedFacts<Tracked>>,
  see: See
): boolean {
  const found = see(group).resource
  return found !== undefined && !isOurs(environment, found)
}

/** Until when, and with which branch, an environment lives: what a sweep goes by. Neither drift nor a change. */
export function lifetimeStep(
  context: Context,
  group: Step<TrackedFacts<Tracked>>,
  hub: Step<TrackedFacts<Tracked>>
): Step<LifetimeFacts> {
  const { azure, environment } = context
  const { expires: EXPIRES, branch: BRANCH } = LIFETIME_TAGS

  /** What is to be written (a text) or removed (undefined), with why. */
  function edits(carrier: Tracked): readonly {
    readonly tag: string
    readonly before: string | undefined
    readonly after: string | undefined
    readonly why: string
  }[] {
    const { expires, branch } = lifetimeOf(carrier)
    const { expiresAfter, ownership } = environment
    const before = expires?.text
    const end = (why: string) => ({
      tag: EXPIRES,
      before,
      after:
        expiresAfter === undefined
          ? undefined
          : lifetimeTags(now(context) + expiresAfter, undefined)[EXPIRES],
      why
    })
    const expiry = () => {
      // Somebody wrote what is no end; it may mean something to them.
      if (expires !== undefined && expires.at === undefined) return []
      if (expiresAfter === undefined) {
        return expires ? [end('`expires-after` is not given any more')] : []
      }
      if (expires?.at === undefined) return [end('it has no end yet')]
      const left = expires.at - now(context)
      if (left > expiresAfter + TOLERANCE_MS) return [end('`expires-after` is shorter now')]
      return left <= expiresAfter / 2 ? [end('less than half of its time is left')] : []
    }
    const wanted = ownership.branch === 'as recorded' ? branch : ownership.branch.livesWith
    const lives = wanted === undefined ? 'it lives with no branch' : 'it lives with its branch'
    return [
      ...expiry(),
      ...(wanted === branch ? [] : [{ tag: BRANCH, before: branch, after: wanted, why: lives }])
    ]
  }

  return {
    id: 'expiry',
    kind: 'Expiry and branch',
    resource: environment.group.id,
    phase: 'identity',
    exceptional: true,
    needs: [group],
    reads: [group, hub],
    observe: async (see) => {
      const carrier = hubCarriesLifetime(context, group, see)
        ? see(hub).resource
        : see(group).resource
      return { carrier: carrier && isOurs(environment, carrier) ? carrier : undefined }
    },
    lacks: () => undefined,
    judge: ({ carrier }): Verdict => {
      if (carrier === undefined) return { action: 'keep' }
      const { expires } = lifetimeOf(carrier)
      const warning =
        expires !== undefined && expires.at === undefined
          ? `The tag ${EXPIRES} of ${carrier.id} is ${JSON.stringify(expires.text)}, which is no instant in ISO 8601, as in 2026-12-31T00:00:00Z: it is left as it is, and no sweep goes by it. Correct it, or remove it and run again.`
          : undefined
      const due = edits(carrier)
      const said = warning === undefined ? {} : { warning }
      if (due.length === 0) return { action: 'keep', ...said }
      const reason = due
        .map(
          ({ tag, before = 'absent', after = 'absent', why }) =>
            `${tag}: ${before} → ${after}, ${why}`
        )
        .join('; ')
      return { action: 'renew', reason, ...said }
    },
    apply: async ({ facts, signal }) => {
      const { carrier } = facts
      if (carrier === undefined) return facts
      const due = edits(carrier)
      const written = due.flatMap(({ tag, after }) => (after === undefined ? [] : [[tag, after]]))
      const removed = due.flatMap(({ tag, before = '', after }) =>
        after === undefined ? [[tag, before]] : []
      )
      if (written.length > 0) await azure.tag(carrier.id, Object.fromEntries(written), signal)
      if (removed.length > 0) await azure.untag(carrier.id, Object.fromEntries(removed), signal)
      return facts
    }
  }
}
