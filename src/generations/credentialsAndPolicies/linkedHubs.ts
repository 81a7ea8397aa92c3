import type { Azure } from '../../azure/azure.ts'
import { AzureError } from '../../azure/errors/azureError.ts'
import { isGrantPending } from '../../azure/errors/grantPending.ts'
import { isPassing } from '../../azure/http/retry.ts'
import { jittered, poll, retryWhile } from '../../azure/http/wait.ts'
import { BUDGETS, POLLS } from '../../resources/budgets.ts'
import type { Dps, LinkedHub } from '../../resources/model.ts'
import { isAtWork } from '../../resources/state.ts'
import type { Target } from '../../settings/settings.ts'

/** The list of linked hubs with the change made to it, or undefined when there is nothing to change. */
export type Edit = (present: readonly LinkedHub[]) => readonly LinkedHub[] | undefined

const ANOTHER_CHANGE = 'another change of the Device Provisioning Service to finish'

/** How long others may be in the way of a change: an update takes half a minute (contract 9.2), and twenty may come first. */
const PATIENCE_MS = 10 * 60_000

/** How much of that for looks alone: some is left for writes. */
const LOOKING_MS = 8 * 60_000

/**
 * A minute for one change: a DPS tells that it is being changed as it does while it is made (contract 9.2; inferred for
 * updates). If it still does after that, only a write can tell whether it takes one. An etag that was not seen before is
 * that of another change.
 */
const LOOKS_AT_WORK = 20

const QUEUES = new WeakMap<Azure['arm'], Map<string, LinkedHubs>>()

/** What joins a DPS to its namespace. */
interface Join {
  readonly identityId: string
  readonly properties: NonNullable<Dps['properties']>
}

interface Pending {
  readonly change: Edit
  /** Comes with the list while the DPS has no namespace. */
  readonly join?: Join
  readonly progress: (waitingFor: string) => void
}

/**
 * The linked hubs of one DPS, and what joins it to its namespace. Azure only takes the DPS as a whole and its etag is not to
 * be trusted (contract 2.4), so each edit reads immediately before it writes and looks afterwards, and a body is sent once:
 * after a lost answer the list is read again. While the DPS says that somebody else's change is under way, nothing is sent:
 * it would be refused, and ten environments that join at once would refuse each other all the time. Edits that come while
 * one is being written go into the next together: twenty hubs must not take twenty updates of half a minute. One process has
 * one queue for each DPS, also when a sweep destroys several environments at once.
 */
export class LinkedHubs {
  readonly #azure: Azure
  readonly #dps: Target
  #pending: Pending[] = []
  #last: Promise<unknown> = Promise.resolve()
  #next: Promise<Dps | undefined> | undefined

  private constructor(azure: Azure, dps: Target) {
    this.#azure = azure
    this.#dps = dps
  }

  static of(azure: Azure, dps: Target): LinkedHubs {
    const ofAzure = QUEUES.get(azure.arm) ?? new Map<string, LinkedHubs>()
    QUEUES.set(azure.arm, ofAzure)
    const key = dps.id.toLowerCase()
    const queue = ofAzure.get(key) ?? new LinkedHubs(azure, dps)
    ofAzure.set(key, queue)
    return queue
  }

  /** @returns the DPS once the edit finds nothing more to change */
  edit(
    change: Edit,
    progress: (waitingFor: string) => void,
    signal: AbortSignal
  ): Promise<Dps | undefined> {
    return this.#add({ change, progress }, signal)
  }

  /** Joins a DPS that has no namespace to one. @returns the DPS once it has one */
  join(
    join: Join,
    progress: (waitingFor: string) => void,
    signal: AbortSignal
  ): Promise<Dps | undefined> {
    return this.#add({ change: () => undefined, join, progress }, signal)
  }

  #add(pending: Pending, signal: AbortSignal): Promise<Dps | undefined> {
    this.#pending.push(pending)
    this.#next ??= this.#last.then(() => {
      const batch = this.#pending
      this.#pending = []
      this.#next = undefined
      const turn = this.#write(batch, signal)
      this.#last = turn.catch(() => undefined)
      return turn
    })
    return this.#next
  }

  async #write(batch: readonly Pending[], signal: AbortSignal): Promise<Dps | undefined> {
    const { arm, time, versions } = this.#azure
    const tell = (waitingFor: string) => {
      for (const { progress } of batch) progress(waitingFor)
    }
    const read = () =>
      arm.get<Dps>(this.#dps.id, versions.provisioning, {
        operation: 'read Device Provisioning Service',
        signal
      })
    const began = time.now()
    const atRest = () => {
      const changes = new Set<string>()
      let looks = 0
      return poll({
        look: read,
        missing: (dps) => {
          if (dps === undefined || !isAtWork(dps)) return undefined
          if (dps.etag !== undefined && !changes.has(dps.etag)) {
            changes.add(dps.etag)
            looks = 0
          }
          const over = ++looks >= LOOKS_AT_WORK || time.now() >= began + LOOKING_MS
          return over ? undefined : ANOTHER_CHANGE
        },
        everyMs: jittered(POLLS.dpsAtRestMs),
        progress: tell,
        time,
        signal
      })
    }
    const write = async () => {
      // The answer to a write shows whether another writer took part of it away.
      for (let dps = await atRest(); ; ) {
        const present = dps?.properties?.iotHubs ?? []
        const edited = all(batch, present)
        const join = dps && joinOf(batch, dps)
        if (dps === undefined || (edited === undefined && join === undefined)) return dps
        dps = await arm.put<Dps>(this.#dps.id, {
          apiVersion: versions.provisioning,
          operation: join ? 'join it to the namespace' : 'change the linked hubs',
          body: withHubs(join ? joinedBy(dps, join) : dps, edited ?? present),
          once: true,
          ...(dps.etag !== undefined && { ifMatch: dps.etag }),
          signal,
          progress: tell
        })
      }
    }
    return retryWhile(write, {
      ...BUDGETS.linkedHubs,
      when: (error) => time.now() < began + PATIENCE_MS && reasonToReadAgain(error) !== undefined,
      notify: (error) => tell(reasonToReadAgain(error) ?? ''),
      time,
      signal
    })
  }
}

/** Every edit, one after the other; undefined when none changes anything. */
function all(
  batch: readonly Pending[],
  present: readonly LinkedHub[]
): readonly LinkedHub[] | undefined {
  const edited = batch.reduce((hubs, { change }) => change(hubs) ?? hubs, present)
  return edited === present ? undefined : edited
}

/** By what the DPS has to be joined, when it has no namespace. */
function joinOf(batch: readonly Pending[], { properties }: Dps): Join | undefined {
  if (properties?.deviceRegistryNamespace?.resourceId !== undefined) return undefined
  return batch.find(({ join }) => join !== undefined)?.join
}

/** The DPS with its namespace, and with the identity by which it reaches that beside those that it has. */
function joinedBy(dps: Dps, { identityId, properties }: Join): Dps {
  const { type = '', userAssignedIdentities } = dps.identity ?? {}
  return {
    ...dps,
    identity: {
      type: /SystemAssigned/i.test(type) ? 'SystemAssigned, UserAssigned' : 'UserAssigned',
      userAssignedIdentities: { ...userAssignedIdentities, [identityId]: {} }
    },
    properties: { ...dps.properties, ...properties }
  }
}

/** What is waited for before the list is read again; undefined for a refusal that stays. */
function reasonToReadAgain(error: unknown): string | undefined {
  if (isConflict(error) || isOutdated(error)) return ANOTHER_CHANGE
  if (isGrantPending(error)) return 'the Device Registry grants of the identity to take effect'
  return isPassing(error) ? 'Azure to answer again' : undefined
}

/**
 * A link that was read has been removed by another writer since: Azure cannot know the key behind its mask any more. That
 * it refuses so, and in such words, is inferred.
 */
function isOutdated(error: unknown): boolean {
  return error instanceof AzureError && error.status === 400 && /not linked/i.test(error.reason)
}

/** 409: another update runs; 412: one has just ended. Either way the list has to be read again. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof AzureError) || error.lasting) return false
  return error.status === 409 || error.status === 412
}

/** What Azure computes, and refuses or ignores in a request. */
const READ_ONLY = [
  'state',
  'provisioningState',
  'idScope',
  'serviceOperationsHostName',
  'deviceProvisioningHostName',
  'privateEndpointConnections'
]

/** The DPS as a request body: everything it has, known to us or not, but for what Azure computes (contract 9.3). */
function withHubs(dps: Dps, iotHubs: readonly LinkedHub[]) {
  const kept = Object.entries(dps.properties ?? {}).filter(([name]) => !READ_ONLY.includes(name))
  const identities = Object.keys(dps.identity?.userAssignedIdentities ?? {})
  return {
    location: dps.location,
    tags: dps.tags,
    sku: { name: dps.sku?.name, capacity: dps.sku?.capacity },
    identity: {
      type: dps.identity?.type,
      userAssignedIdentities: Object.fromEntries(identities.map((id) => [id, {}]))
    },
    properties: {
      ...Object.fromEntries(kept),
      // Azure tells the name from the connection string, and calls it read-only.
      iotHubs: iotHubs.map(({ name: _readOnly, ...link }) => link)
    }
  }
}
