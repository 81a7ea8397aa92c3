import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { isBusy, isFateUnknown } from '../../azure/http/retry.ts'
import { poll } from '../../azure/http/wait.ts'
import type { Target } from '../../settings/settings.ts'
import {
  endpointTo,
  hasFailed,
  isLinked,
  isTerminal,
  needsHealing,
  outboundPrincipal
} from './endpoints.ts'
import { sectionsOf, type WantedLink, weightDiffers } from './linkBody.ts'
import { classOf, LinkError, type LinkRefusal, type RefusalClass, refusalIn } from './linkErrors.ts'
import type { LinkingNamespace } from './model.ts'
import { namespaceBody } from './namespaceBody.ts'

interface Waiting {
  readonly progress: (waitingFor: string) => void
  readonly signal: AbortSignal
}

interface Watched extends Waiting {
  readonly link: WantedLink
}

interface Pending extends Watched {
  /** By the clock of this process, in milliseconds. */
  readonly until: number
  /** Refusals so far that may pass, by their class. */
  readonly refused: RefusalClass[]
  settled?: LinkingNamespace | Error
}

/** Looked at so often while Azure works on a link: contract B 3.5 has 10 to 30 s. */
const LOOK_MS = 10_000
/** The longest budget that a source gives a link (contract B 3.5). */
const BUDGET_MS = 20 * 60_000
/** Waits after the first refusals that may pass; the last one holds from then on (contract B 3.6). */
const DELAYS_MS = [30_000, 60_000, 120_000] as const
/** Refused as invalid more often, it is taken for a mistake (contract B 3.6). */
const MOST_INVALID = 2
/** A namespace that failed heals within (contract B 3.5). */
const HEALING_LOOKS = 30
/** A link that was accepted shows within; inferred. */
const SHOWING_LOOKS = 6

const QUEUES = new WeakMap<Azure['arm'], Map<string, NamespaceLinks>>()

type Spoken = Pick<Azure, 'arm' | 'time' | 'versions'>

/**
 * The links of one namespace. Azure takes one write at a time, and what others wrote meanwhile must stay: a write says only
 * what is to be linked, after a look at what is there. Links that are asked for while one is being made go into the next
 * write together, as maps of endpoints merge by name (that one PATCH takes several is inferred). One process has one queue
 * for each namespace.
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
    const batch = [...this.#pending]
    const settle = (one: Pending, result: LinkingNamespace | Error) => {
      one.settled = result
      this.#pending = this.#pending.filter((other) => other !== one)
    }
    try {
      const before = await this.#quiet(batch)
      const missing = batch.filter(({ link }) => !this.#isLinked(before, link))
      if (missing.length > 0) {
        const refusal = await this.#write(before, missing)
        if (refusal === 'again') return await this.#wait(batch, LOOK_MS)
        const after = await this.#quiet(batch, SHOWING_LOOKS)
        for (const one of missing) {
          const error = this.#refused(after, one, refusal)
          if (error) settle(one, error)
        }
        const refusals = Math.max(0, ...missing.map(({ refused }) => refused.length))
        const again = missing.some(
          (one) => one.settled === undefined && !this.#isLinked(after, one.link)
        )
        if (again) return await this.#wait(batch, delayAfter(refusals))
      }
      const healed = await this.#healed(batch)
      for (const one of batch) if (this.#isLinked(healed, one.link)) settle(one, healed)
    } catch (error) {
      for (const one of batch)
        settle(one, error instanceof Error ? error : new Error(String(error)))
    }
  }

  /** The namespace once Azure works on it and on the link no more, however that ended. */
  ended(link: WantedLink, waiting: Waiting): Promise<LinkingNamespace> {
    return this.#quiet([{ ...waiting, link }])
  }

  #isLinked(namespace: LinkingNamespace, link: WantedLink): boolean {
    const { endpoint } = endpointTo(namespace, link.resourceId) ?? {}
    return (
      endpoint !== undefined && isLinked(endpoint) && weightDiffers(link, endpoint).length === 0
    )
  }

  /** Why it is not linked and never will be; undefined when it is, or may be at the next attempt. */
  #refused(
    namespace: LinkingNamespace,
    pending: Pending,
    ofWrite: LinkRefusal | undefined
  ): Error | undefined {
    const { link, refused, until } = pending
    if (this.#isLinked(namespace, link)) return undefined
    const endpoint = endpointTo(namespace, link.resourceId)?.endpoint
    const { code = 'no code', message = 'nothing' } = endpoint?.linkingError ?? ofWrite ?? {}
    const refusal = { code, message }
    const acting = { principalId: outboundPrincipal(namespace), target: link.resourceId }
    const kind = classOf(refusal, acting)
    refused.push(kind)
    const invalid = refused.filter((one) => one === 'invalid').length > MOST_INVALID
    const late = this.#azure.time.now() > until
    if (kind !== 'final' && !invalid && !late) return undefined
    const tried = late ? 'within twenty minutes' : `at attempt ${refused.length}`
    return new LinkError({ namespaceId: this.#target.id, target: link.resourceId }, refusal, tried)
  }

  /** The namespace once nothing works on it or on these links. @param looks for a link that was written to show */
  async #quiet(batch: readonly Watched[], looks = 0): Promise<LinkingNamespace> {
    let unseen = 0
    return this.#poll(batch, (namespace) => {
      const state = namespace.properties?.provisioningState
      if (!isTerminal(state))
        return `Azure to end its work on the namespace (its state is ${state})`
      const placed = batch.map(({ link }) => endpointTo(namespace, link.resourceId))
      if (placed.includes(undefined) && ++unseen <= looks) return 'the link to show'
      const working = placed.find(
        (one) => one && !isLinked(one.endpoint) && !hasFailed(one.endpoint)
      )
      return working && `Azure to link ${working.name} (${working.endpoint.linkingState})`
    })
  }

  /** @returns why Azure refused, `again` when the namespace has to be looked at first, undefined when it was accepted */
  async #write(
    namespace: LinkingNamespace,
    missing: readonly Pending[]
  ): Promise<LinkRefusal | 'again' | undefined> {
    const { arm, versions } = this.#azure
    const options = {
      apiVersion: versions.deviceRegistry,
      operation: 'link to the namespace',
      once: true,
      signal: first(missing).signal,
      progress: (waitingFor: string) => tell(missing, waitingFor)
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
      return undefined
    } catch (error) {
      const refusal = refusalIn(error)
      if (refusal !== undefined) return refusal
      if (isPassing(error)) return 'again'
      if (!(error instanceof AzureError && error.status === 400)) throw error
    }
    // Whether 2026-11-01 takes an endpoint by PATCH as the previews do is inferred (contract B 13.6): else the whole.
    try {
      const body = namespaceBody(namespace, sections)
      await arm.put(this.#target.id, { ...options, body })
      return undefined
    } catch (error) {
      const refusal = refusalIn(error)
      if (refusal === undefined && !isPassing(error)) throw error
      return refusal ?? 'again'
    }
  }

  /** A namespace that failed although all its links hold refuses devices until its tags are written (contract B 3.5). */
  async #healed(batch: readonly Pending[]): Promise<LinkingNamespace> {
    const { arm, versions } = this.#azure
    const now = await this.#quiet(batch)
    if (!needsHealing(now)) return now
    try {
      await arm.patch(this.#target.id, {
        apiVersion: versions.deviceRegistry,
        operation: 'bring the namespace back to life',
        body: { tags: now.tags ?? {} },
        once: true,
        signal: first(batch).signal,
        progress: (waitingFor) => tell(batch, waitingFor)
      })
    } catch (error) {
      // Whoever else writes it heals it as well.
      if (!isPassing(error)) throw error
    }
    const waitingFor = (namespace: LinkingNamespace) =>
      isTerminal(namespace.properties?.provisioningState) && !needsHealing(namespace)
        ? undefined
        : 'the namespace to come back to life'
    return this.#poll(batch, waitingFor, HEALING_LOOKS)
  }

  async #poll(
    batch: readonly Watched[],
    missing: (namespace: LinkingNamespace) => string | undefined,
    looks?: number
  ): Promise<LinkingNamespace> {
    const { arm, time, versions } = this.#azure
    const { signal } = first(batch)
    const look = async () => {
      const operation = 'read Device Registry namespace'
      const options = { operation, signal }
      const found = await arm.get<LinkingNamespace>(
        this.#target.id,
        versions.deviceRegistry,
        options
      )
      if (found === undefined)
        throw new Error(`The namespace ${this.#target.id} is gone; run again.`)
      return found
    }
    const progress = (waitingFor: string) => tell(batch, waitingFor)
    return poll({
      look,
      missing,
      everyMs: LOOK_MS,
      ...(looks && { looks }),
      progress,
      time,
      signal
    })
  }

  async #wait(batch: readonly Pending[], ms: number): Promise<void> {
    tell(batch, 'grants and other writers of the namespace, before it is tried again')
    await this.#azure.time.sleep(ms, first(batch).signal)
  }
}

function first(batch: readonly Watched[]): Waiting {
  const [one] = batch
  if (one === undefined) throw new Error('there is nothing to link')
  return one
}

function tell(batch: readonly Watched[], waitingFor: string): void {
  for (const { progress } of batch) progress(waitingFor)
}

function delayAfter(refusals: number): number {
  const index = Math.min(Math.max(refusals, 1), DELAYS_MS.length) - 1
  return DELAYS_MS[index] ?? DELAYS_MS[0]
}

/** 409 while the last write settles, and a write whose answer was lost: what is there is looked at before it is sent again. */
function isPassing(error: unknown): boolean {
  return isFateUnknown(error) || (error instanceof AzureError && isBusy(error))
}
