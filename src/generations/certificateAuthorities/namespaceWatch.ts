import type { Azure } from '../../azure/azure.ts'
import { isThrottled } from '../../azure/errors/azureError.ts'
import { isPassing } from '../../azure/http/retry.ts'
import { poll } from '../../azure/http/wait.ts'
import type { Target } from '../../settings/settings.ts'
import { endpointTo, hasFailed, isLinked, isTerminal, needsHealing } from './endpoints.ts'
import { type WantedLink, weightDiffers } from './linkBody.ts'
import type { LinkingNamespace } from './model.ts'

/** Somebody who waits. */
export interface Waiting {
  readonly progress: (waitingFor: string) => void
  readonly signal: AbortSignal
}

/** Somebody who waits for a link. */
export interface Watched extends Waiting {
  readonly link: WantedLink
}

/**
 * Milliseconds between two looks while Azure works on a link. Other clients take 10 to 30 s (contract B 3.5); Azure's answers
 * ask for no pause, and one link waits for the other. As often as an operation is asked for that gives no `Retry-After`.
 */
const LOOK_MS = 3_000
/** Five minutes, within which a namespace that failed heals (contract B 3.5). */
const HEALING_LOOKS = 100

/** A namespace that is looked at until it has come to rest, for those who wait for it or for links of it. */
export class NamespaceWatch {
  readonly #azure: Pick<Azure, 'arm' | 'time' | 'versions'>
  readonly #target: Target
  readonly #batch: readonly (Waiting & Partial<Watched>)[]

  constructor(
    azure: Pick<Azure, 'arm' | 'time' | 'versions'>,
    target: Target,
    batch: readonly (Waiting & Partial<Watched>)[]
  ) {
    this.#azure = azure
    this.#target = target
    this.#batch = batch
  }

  get signal(): AbortSignal {
    const [one] = this.#batch
    if (one === undefined) throw new Error('there is nothing to link')
    return one.signal
  }

  tell(waitingFor: string): void {
    for (const { progress } of this.#batch) progress(waitingFor)
  }

  /** The namespace once nothing works on it or on these links. @param looks for a link that was written to show */
  async quiet(looks = 0): Promise<LinkingNamespace> {
    let unseen = 0
    return this.#until((namespace) => {
      const state = namespace.properties?.provisioningState
      if (!isTerminal(state))
        return `Azure to end its work on the namespace (its state is ${state})`
      const links = this.#batch.flatMap(({ link }) => link ?? [])
      const placed = links.map((link) => endpointTo(namespace, link.resourceId))
      if (placed.includes(undefined) && ++unseen <= looks) return 'the link to show'
      const working = placed.find(
        (one) => one && !isLinked(one.endpoint) && !hasFailed(one.endpoint)
      )
      return working && `Azure to link ${working.name} (${working.endpoint.linkingState})`
    })
  }

  /**
   * As quiet does; one that failed although all its links hold refuses devices until its tags are written (contract B 3.5),
   * so that they are.
   *
   * @param seen what quiet has just returned; looked for when absent
   */
  async healed(seen?: LinkingNamespace): Promise<LinkingNamespace> {
    const { arm, versions } = this.#azure
    const now = seen ?? (await this.quiet())
    if (!needsHealing(now)) return now
    try {
      await arm.patch(this.#target.id, {
        apiVersion: versions.deviceRegistry,
        operation: 'repair the namespace',
        body: { tags: now.tags ?? {} },
        once: true,
        signal: this.signal,
        progress: (waitingFor) => this.tell(waitingFor)
      })
    } catch (error) {
      if (isThrottled(error) && error.refusal.wait === undefined) {
        await this.wait(error.refusal.askedMs ?? LOOK_MS)
        return this.healed()
      }
      // Whoever else writes it heals it as well.
      if (!isPassing(error)) throw error
    }
    const waitingFor = (namespace: LinkingNamespace) =>
      isTerminal(namespace.properties?.provisioningState) && !needsHealing(namespace)
        ? undefined
        : 'the namespace to recover'
    return this.#until(waitingFor, HEALING_LOOKS)
  }

  async wait(ms: number): Promise<void> {
    this.tell('grants and other writers of the namespace, before it is tried again')
    await this.#azure.time.sleep(Math.max(0, ms), this.signal)
  }

  #until(
    missing: (namespace: LinkingNamespace) => string | undefined,
    looks?: number
  ): Promise<LinkingNamespace> {
    const { arm, time, versions } = this.#azure
    const { signal } = this
    const { id } = this.#target
    const look = async () => {
      const operation = 'read Device Registry namespace'
      const options = { operation, signal }
      const found = await arm.get<LinkingNamespace>(id, versions.deviceRegistry, options)
      if (found === undefined) throw new Error(`The namespace ${id} is gone; run again.`)
      return found
    }
    const progress = (waitingFor: string) => this.tell(waitingFor)
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
}

/** It is linked, and as heavily as it is to be. */
export function isMade(namespace: LinkingNamespace, link: WantedLink): boolean {
  const { endpoint } = endpointTo(namespace, link.resourceId) ?? {}
  return endpoint !== undefined && isLinked(endpoint) && weightDiffers(link, endpoint).length === 0
}
