import type { Azure } from '../azure/azure.ts'
import type { See, Step } from '../engine/step.ts'
import type { Verdict } from '../engine/verdict.ts'
import type { Claim } from '../resources/claim.ts'
import type { ArmFacts } from '../resources/life.ts'
import type { TrackedResource } from '../resources/model.ts'
import { isOurs } from '../resources/ownership.ts'
import { LIFETIME_TAGS, lifetimeOf, lifetimeTags, type Tags } from '../settings/ownerTags.ts'
import type { BranchSpec, Environment } from '../settings/settings.ts'

export interface LifetimeFacts {
  /** What carries the tags, while that exists: the resource group when it is ours, else the first hub. */
  readonly carrier: TrackedResource | undefined
}

/** Longer than this a new end must be sooner than the present one to count as shortened: clocks differ. */
const TOLERANCE_MS = 60_000

/** Until when, and with which branch, an environment is to live. */
export class WantedLifetime {
  readonly #azure: Pick<Azure, 'arm' | 'time'>
  /** Milliseconds; undefined for an environment without end. */
  readonly expiresAfter: number | undefined
  readonly #branch: BranchSpec

  constructor(
    azure: Pick<Azure, 'arm' | 'time'>,
    { expiresAfter, ownership }: Pick<Environment, 'expiresAfter' | 'ownership'>
  ) {
    this.#azure = azure
    this.expiresAfter = expiresAfter
    this.#branch = ownership.branch
  }

  /** By Azure's clock, which also judges the end; by ours while Azure has said nothing. */
  now(): number {
    return this.#azure.arm.now() ?? this.#azure.time.now()
  }

  /** The end, as the tag says it, of what begins to live now. */
  end(): string | undefined {
    return this.born()[LIFETIME_TAGS.expires]
  }

  /** The branch to live with. @param recorded what the carrier says, which runs without an opinion leave */
  branch(recorded: string | undefined): string | undefined {
    return this.#branch === 'as recorded' ? recorded : this.#branch.livesWith
  }

  /** Tags with which the carrier is created. */
  born(): Tags {
    const { expiresAfter } = this
    return lifetimeTags(
      expiresAfter === undefined ? undefined : this.now() + expiresAfter,
      this.branch(undefined)
    )
  }
}

/** True when the group is not this environment's, so that the hub is the carrier. */
export function hubCarriesLifetime(
  claim: Claim,
  group: Step<ArmFacts<TrackedResource>>,
  see: See
): boolean {
  const found = see(group).resource
  return found !== undefined && !isOurs(claim, found)
}

/** Until when, and with which branch, an environment lives: what a sweep goes by. Neither drift nor a change. */
export function lifetimeStep(
  azure: Pick<Azure, 'tag' | 'untag'>,
  claim: Claim,
  lifetime: WantedLifetime,
  {
    group,
    hub
  }: {
    readonly group: Step<ArmFacts<TrackedResource>>
    readonly hub: Step<ArmFacts<TrackedResource>>
  }
): Step<LifetimeFacts> {
  const { expires: EXPIRES, branch: BRANCH } = LIFETIME_TAGS

  /** What is to be written (a text) or removed (undefined), with why. */
  function edits(carrier: TrackedResource): readonly {
    readonly tag: string
    readonly before: string | undefined
    readonly after: string | undefined
    readonly why: string
  }[] {
    const { expires, branch } = lifetimeOf(carrier)
    const { expiresAfter } = lifetime
    const before = expires?.text
    const end = (why: string) => ({ tag: EXPIRES, before, after: lifetime.end(), why })
    const expiry = () => {
      // Somebody wrote what is no end; it may mean something to them.
      if (expires !== undefined && expires.at === undefined) return []
      if (expiresAfter === undefined) {
        return expires ? [end('`expires-after` is no longer given')] : []
      }
      if (expires?.at === undefined) return [end('it has no end yet')]
      const left = expires.at - lifetime.now()
      if (left > expiresAfter + TOLERANCE_MS) return [end('`expires-after` is shorter now')]
      return left <= expiresAfter / 2 ? [end('less than half of its time is left')] : []
    }
    const wanted = lifetime.branch(branch)
    const lives = wanted === undefined ? 'it follows no branch' : 'it follows its branch'
    return [
      ...expiry(),
      ...(wanted === branch ? [] : [{ tag: BRANCH, before: branch, after: wanted, why: lives }])
    ]
  }

  return {
    id: 'expiry',
    kind: 'Expiry and branch',
    resource: group.resource,
    phase: 'identity',
    exceptional: true,
    needs: [group],
    reads: [group, hub],
    observe: async (see) => {
      const carrier = hubCarriesLifetime(claim, group, see)
        ? see(hub).resource
        : see(group).resource
      return { carrier: carrier && isOurs(claim, carrier) ? carrier : undefined }
    },
    unmetRequirement: () => undefined,
    judge: ({ carrier }): Verdict => {
      if (carrier === undefined) return { action: 'keep' }
      const { expires } = lifetimeOf(carrier)
      const warning =
        expires !== undefined && expires.at === undefined
          ? `The tag ${EXPIRES} of ${carrier.id} is ${JSON.stringify(expires.text)}, which is not a date and time in ISO 8601, as in 2026-12-31T00:00:00Z: it is left as it is, and sweeps ignore it. Correct it, or remove it and run again.`
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
      const gone = new Set(removed.map(([tag]) => tag))
      const kept = Object.entries(carrier.tags ?? {}).filter(([tag]) => !gone.has(tag))
      return { carrier: { ...carrier, tags: Object.fromEntries([...kept, ...written]) } }
    },
    state: ({ carrier }) => {
      if (carrier === undefined) return undefined
      const { expires, branch } = lifetimeOf(carrier)
      if (expires === undefined && branch === undefined) return undefined
      return { ...(expires && { expires: expires.text }), ...(branch !== undefined && { branch }) }
    }
  }
}
