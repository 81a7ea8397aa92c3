import { AzureError } from '../azure/errors.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Target } from '../settings/settings.ts'
import type { Context } from './context.ts'
import type { Dps, LinkedHub } from './dps.ts'

/** The list of linked hubs with the change made to it, or undefined when there is nothing to change. */
export type Edit = (present: readonly LinkedHub[]) => readonly LinkedHub[] | undefined

/** An update of a DPS takes half a minute (contract 9.2), and another writer's must end before ours can begin. */
const RETRY_MS = 15_000
const TRIES = 40

/**
 * The linked hubs of one DPS. Azure only takes the DPS as a whole and its etag is not to be trusted (contract 2.4), so
 * each edit reads immediately before it writes, looks afterwards, and edits of this run wait for each other.
 */
export class LinkedHubs {
  readonly #context: Context
  readonly #dps: Target
  #queue: Promise<unknown> = Promise.resolve()

  constructor(context: Context) {
    this.#context = context
    this.#dps = context.environment.dps
  }

  /** @returns the DPS once the edit finds nothing more to change */
  edit(
    change: Edit,
    progress: (waitingFor: string) => void,
    signal: AbortSignal
  ): Promise<Dps | undefined> {
    const turn = this.#queue.then(() => this.#edit(change, progress, signal))
    this.#queue = turn.catch(() => undefined)
    return turn
  }

  async #edit(
    change: Edit,
    progress: (waitingFor: string) => void,
    signal: AbortSignal
  ): Promise<Dps | undefined> {
    const { arm, time } = this.#context.azure
    for (let attempt = 1; ; attempt++) {
      const dps = await arm.get<Dps>(this.#dps.id, VERSIONS.provisioning, {
        operation: 'read Device Provisioning Service',
        signal
      })
      const edited = dps && change(dps.properties?.iotHubs ?? [])
      if (dps === undefined || edited === undefined) return dps
      try {
        await arm.put(this.#dps.id, {
          apiVersion: VERSIONS.provisioning,
          operation: 'change the linked hubs',
          body: withHubs(dps, edited),
          ...(dps.etag !== undefined && { ifMatch: dps.etag }),
          signal,
          progress
        })
      } catch (error) {
        if (!isConflict(error) || attempt === TRIES) throw error
        progress('another change of the Device Provisioning Service to finish')
        await time.sleep(RETRY_MS, signal)
      }
    }
  }
}

/** 409: another update runs; 412: one has just ended. Either way the list has to be read again. */
function isConflict(error: unknown): boolean {
  return error instanceof AzureError && (error.status === 409 || error.status === 412)
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
