import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { isPassing } from '../../azure/http/retry.ts'
import type { Target } from '../../settings/settings.ts'
import { endpointTo, hasFailed, outboundPrincipal } from './endpoints.ts'
import type { WantedLink } from './linkBody.ts'
import { sectionsOf } from './linkBody.ts'
import { classOf, LinkError, type LinkRefusal, type RefusalClass, refusalIn } from './linkErrors.ts'
import type { LinkingNamespace } from './model.ts'
import { namespaceBody } from './namespaceBody.ts'
import { isMade, NamespaceWatch, type Waiting, type Watched } from './namespaceWatch.ts'

interface Pending extends Watched {
  /** By the clock of this process, in milliseconds. */
  readonly until: number
  /** Refusals so far that may pass, by their class. */
  readonly refused: RefusalClass[]
  settled?: LinkingNamespace | Error
}

/** How a write ended that linked nothing yet. */
interface Unwritten {
  /** Why Azure refused to link. */
  readonly refusal?: LinkRefusal
  /** What may pass, before which the namespace has to be looked at again. */
  readonly passing?: Error
}

/** The longest budget that a source gives a link (contract B 3.5). */
const BUDGET_MS = 20 * 60_000
/** Between attempts while others write the namespace. */
const BUSY_MS = 10_000
/** Between the first attempts whose refusals may pass; the last one holds from then on (contract B 3.6). */
const DELAYS_MS = [30_000, 60_000, 120_000] as const
/** Refused as invalid more often, it is taken for a mistake (contract B 3.6). */
const MOST_INVALID = 2
/** A link that was accepted shows within; inferred. */
const SHOWING_LOOKS = 20

const QUEUES = new WeakMap<Azure['arm'], Map<string, NamespaceLinks>>()

type Spoken = Pick<Azure, 'arm' | 'time' | 'versions'>

/**
 * The links of one namespace. Azure takes one write at a time, and what others wrote meanwhile must stay: a write says only
 * what is to be linked, after a look at what is there. Links that are asked for during that look go into the same write, and
 * those that come later into the next one together, as maps of endpoints merge by name (that one PATCH takes several is
 * inferred): a fleet whose hubs wait for the same thing is linked by one write. One process has one queue for each namespace.
 */
export class NamespaceLinks {
  readonly #azure: Spoken
  readonly #target: Target
  #pending: Pending[] = []
  #round: Promise<void> | undefined

  private constructor(azure: Spoken, target: Target) {
    this.#azure = azure
    this.#target = target
  }

  static of(azure: Spoken, target: Target): NamespaceLinks {
    const ofAzure = QUEUES.get(azure.arm) ?? new Map<string, NamespaceLinks>()
    QUEUES.set(azure.arm, ofAzure)
    const key = target.id.toLowerCase()
    const links = ofAzure.get(key) ?? new NamespaceLinks(azure, target)
    ofAzure.set(key, links)
    return links
  }

  /**
   * Links it, and waits until namespace and endpoint both say so.
   *
   * @returns the namespace as it is then
   * @throws LinkError when Azure refuses for good, or for as long as the budget lasts
   */
  async link(link: WantedLink, waiting: Waiting): Promise<LinkingNamespace> {
    const until = this.#azure.time.now() + BUDGET_MS
    const pending: Pending = { ...waiting, link, until, refused: [] }
    this.#pending.push(pending)
    while (pending.settled === undefined) {
      this.#round ??= this.#work().finally(() => {
        this.#round = undefined
      })
      await this.#round
    }
    if (pending.settled instanceof Error) throw pending.settled
    return pending.settled
  }

  async #work(): Promise<void> {
    let batch = [...this.#pending]
    const settle = (one: Pending, result: LinkingNamespace | Error) => {
      one.settled = result
      this.#pending = this.#pending.filter((other) => other !== one)
    }
    try {
      let watch = this.#watch(batch)
      // A namespace that is not well takes no link again that holds, which a PUT of the whole has to say (contract B 3.4).
      let now = await watch.healed()
      while (batch.length < this.#pending.length) {
        batch = [...this.#pending]
        watch = this.#watch(batch)
        now = await watch.healed()
      }
      const missing = batch.filter(({ link }) => !isMade(now, link))
      if (missing.length > 0) {
        const begun = this.#azure.time.now()
        const { refusal, passing } = await this.#write(now, missing)
        if (passing !== undefined) {
          const { askedMs = 0, wait } = passing instanceof AzureError ? passing.refusal : {}
          for (const one of missing)
            if (wait !== undefined || this.#isLate(one)) settle(one, passing)
          return wait === undefined ? await watch.wait(Math.max(BUSY_MS, askedMs)) : undefined
        }
        now = await watch.quiet(SHOWING_LOOKS)
        for (const one of missing) {
          const error = this.#refused(now, one, refusal)
          if (error) settle(one, error)
        }
        const refusals = Math.max(0, ...missing.map(({ refused }) => refused.length))
        if (missing.some((one) => one.settled === undefined && !isMade(now, one.link)))
          return await watch.wait(begun + delayAfter(refusals) - this.#azure.time.now())
        now = await watch.healed(now)
      }
      for (const one of batch) if (isMade(now, one.link)) settle(one, now)
    } catch (error) {
      for (const one of batch)
        settle(one, error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** The namespace once Azure works on it and on the link no more, however that ended. */
  ended(link: WantedLink, waiting: Waiting): Promise<LinkingNamespace> {
    return this.#watch([{ ...waiting, link }]).quiet()
  }

  #watch(batch: readonly Watched[]): NamespaceWatch {
    return new NamespaceWatch(this.#azure, this.#target, batch)
  }

  #isLate({ until }: Pending): boolean {
    return this.#azure.time.now() > until
  }

  /** Why it is not linked and never will be; undefined when it is, or may be at the next attempt. */
  #refused(
    namespace: LinkingNamespace,
    pending: Pending,
    ofWrite: LinkRefusal | undefined
  ): Error | undefined {
    const { link, refused } = pending
    if (isMade(namespace, link)) return undefined
    const endpoint = endpointTo(namespace, link.resourceId)?.endpoint
    const said = endpoint?.linkingError ?? ofWrite
    const { code = 'no code', message = 'the namespace does not show the link' } = said ?? {}
    const refusal = { code, message }
    const acting = { principalId: outboundPrincipal(namespace), target: link.resourceId }
    // Accepted, and not shown as it was written: nobody refused it.
    const isUnseen = said === undefined && !(endpoint && hasFailed(endpoint))
    const kind = isUnseen ? 'target' : classOf(refusal, acting)
    refused.push(kind)
    const invalid = refused.filter((one) => one === 'invalid').length > MOST_INVALID
    const late = this.#isLate(pending)
    if (kind !== 'final' && !invalid && !late) return undefined
    const tried = late ? 'within twenty minutes' : `at attempt ${refused.length}`
    return new LinkError({ namespaceId: this.#target.id, target: link.resourceId }, refusal, tried)
  }

  async #write(namespace: LinkingNamespace, missing: readonly Pending[]): Promise<Unwritten> {
    const { arm, versions } = this.#azure
    const watch = this.#watch(missing)
    const options = {
      apiVersion: versions.deviceRegistry,
      operation: 'link to the namespace',
      once: true,
      signal: watch.signal,
      progress: (waitingFor: string) => watch.tell(waitingFor)
    }
    const sections = sectionsOf(
      namespace,
      missing.map(({ link }) => link)
    )
    try {
      const properties = Object.fromEntries(
        Object.entries(sections).map(([section, endpoints]) => [section, { endpoints }])
      )
      await arm.patch(this.#target.id, { ...options, body: { properties } })
      return {}
    } catch (error) {
      const isPlain = error instanceof AzureError && error.status === 400
      if (!isPlain || refusalIn(error) !== undefined) return unwritten(error)
    }
    // Whether 2026-11-01 takes an endpoint by PATCH as the previews do is inferred (contract B 13.6): else the whole.
    try {
      const body = namespaceBody(namespace, sections)
      await arm.put(this.#target.id, { ...options, body })
      return {}
    } catch (error) {
      return unwritten(error)
    }
  }
}

/** @throws the error itself when it neither is about the link nor passes */
function unwritten(error: unknown): Unwritten {
  const refusal = refusalIn(error)
  if (refusal !== undefined) return { refusal }
  if (error instanceof Error && isPassing(error)) return { passing: error }
  throw error
}

function delayAfter(refusals: number): number {
  const index = Math.min(Math.max(refusals, 1), DELAYS_MS.length) - 1
  return DELAYS_MS[index] ?? DELAYS_MS[0]
}
