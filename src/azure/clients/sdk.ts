import type { Target } from '../../settings/settings.ts'
import { brief } from '../../text/sanitize.ts'
import { AzureError, saysAbsent } from '../errors/azureError.ts'
import { Memo } from '../http/memo.ts'
import type { Transport } from '../http/pipeline.ts'
import type { ServiceVersions } from '../versions.ts'
import { asAzureError } from './asAzureError.ts'
import type { Microsofts } from './microsofts.ts'

/** A user-assigned identity. */
export interface Identity {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  /** Undefined while Azure has not told it. */
  readonly principalId: string | undefined
  readonly clientId: string | undefined
}

/** Azure's word on a globally unique name; undefined in its place when it said neither. */
export interface NameCheck {
  /** Why it cannot be had; undefined when it can. */
  readonly taken: string | undefined
}

/** A shared access policy of a DPS with its key. */
export interface KeyedPolicy {
  readonly name: string
  readonly key: string
  readonly rights: readonly string[]
}

/**
 * Microsoft's own clients, for the calls whose bodies they carry faithfully. Each speaks the api-version of the model
 * instead of its own, and shares our transport.
 */
export class Sdk {
  readonly #clients = new Memo<Microsofts>()
  readonly #create: () => Promise<Microsofts>
  readonly #mask: (secret: string) => void

  constructor(
    transport: Transport,
    {
      mask,
      ...endpoint
    }: {
      readonly arm: string
      readonly subscriptionId: string
      readonly mask: (secret: string) => void
      readonly versions: ServiceVersions
    }
  ) {
    this.#create = async () => {
      const { createClients } = await import('./microsofts.ts')
      return createClients(transport, endpoint)
    }
    this.#mask = mask
  }

  /** Read with the first call: a sixth of the action is their code. */
  async #microsofts(signal: AbortSignal): Promise<Microsofts> {
    const clients = await this.#clients.get('', this.#create)
    // Nobody may want the answer any more: their clients would sign in all the same.
    signal.throwIfAborted()
    return clients
  }

  /** @returns undefined when it does not exist @throws AzureError */
  async getIdentity(target: Target, signal: AbortSignal): Promise<Identity | undefined> {
    try {
      const { resourceGroup, name, id } = target
      return await asAzureError('read User-assigned identity', id, async () => {
        const { msi } = await this.#microsofts(signal)
        return identityOf(
          target,
          await msi.userAssignedIdentities.get(resourceGroup, name, { abortSignal: signal })
        )
      })
    } catch (error) {
      if (error instanceof AzureError && saysAbsent(error)) return undefined
      throw error
    }
  }

  /** @throws AzureError */
  createIdentity(
    target: Target,
    body: { readonly location?: unknown; readonly tags?: unknown },
    signal: AbortSignal
  ): Promise<Identity> {
    const { resourceGroup, name, id } = target
    const parameters = {
      location: String(body.location),
      tags: body.tags as Record<string, string>
    }
    return asAzureError('create User-assigned identity', id, async () => {
      const { msi } = await this.#microsofts(signal)
      return identityOf(
        target,
        await msi.userAssignedIdentities.createOrUpdate(resourceGroup, name, parameters, {
          abortSignal: signal
        })
      )
    })
  }

  /** @throws AzureError */
  checkHubName(name: string, signal: AbortSignal): Promise<NameCheck | undefined> {
    return asAzureError('check the name of IoT hub', name, async () => {
      const { hubs } = await this.#microsofts(signal)
      return checked(
        await hubs.iotHubResource.checkNameAvailability({ name }, { abortSignal: signal })
      )
    })
  }

  /** @throws AzureError */
  checkDpsName(name: string, signal: AbortSignal): Promise<NameCheck | undefined> {
    return asAzureError('check the name of Device Provisioning Service', name, async () => {
      const { dps } = await this.#microsofts(signal)
      return checked(
        await dps.iotDpsResource.checkProvisioningServiceNameAvailability(
          { name },
          { abortSignal: signal }
        )
      )
    })
  }

  /** @returns the primary key of a hub's policy, already masked; undefined when Azure tells none @throws AzureError */
  hubKey(hub: Target, policy: string, signal: AbortSignal): Promise<string | undefined> {
    return asAzureError('read a key of IoT hub', hub.id, async () => {
      const { hubs } = await this.#microsofts(signal)
      const { primaryKey, secondaryKey } = await hubs.iotHubResource.getKeysForKeyName(
        hub.resourceGroup,
        hub.name,
        policy,
        { abortSignal: signal }
      )
      return this.#secret(primaryKey, secondaryKey)
    })
  }

  /** @returns the policies of a DPS with their primary keys, already masked @throws AzureError */
  dpsPolicies(dps: Target, signal: AbortSignal): Promise<readonly KeyedPolicy[]> {
    return asAzureError('read the keys of Device Provisioning Service', dps.id, async () => {
      const policies: KeyedPolicy[] = []
      const { dps: client } = await this.#microsofts(signal)
      const pages = client.iotDpsResource.listKeys(dps.name, dps.resourceGroup, {
        abortSignal: signal
      })
      for await (const policy of pages) {
        const {
          keyName: name,
          primaryKey,
          secondaryKey,
          rights = ''
        }: Partial<typeof policy> = policy
        const key = this.#secret(primaryKey, secondaryKey)
        // Nothing can be signed with one that has no key.
        if (name === undefined || key === undefined) continue
        policies.push({ name, key, rights: rights.split(',').map((right) => right.trim()) })
      }
      return policies
    })
  }

  /** @returns undefined when there is neither: Azure tells of such a key as an empty one */
  #secret(primary: string | undefined, secondary: string | undefined): string | undefined {
    for (const key of [primary, secondary]) if (key) this.#mask(key)
    return primary || secondary || undefined
  }
}

function identityOf(
  target: Target,
  answer: {
    id?: string
    name?: string
    location: string
    tags?: Record<string, string>
    principalId?: string
    clientId?: string
  }
): Identity {
  const { id = target.id, name = target.name, location, tags = {}, principalId, clientId } = answer
  return { id, name, location, tags, principalId, clientId }
}

/** Only `nameAvailable` counts: `reason` can say Invalid although the name is free (contract 8.1). */
function checked(answer: {
  nameAvailable?: boolean
  reason?: string
  message?: string
}): NameCheck | undefined {
  if (answer.nameAvailable === undefined) return undefined
  if (answer.nameAvailable) return { taken: undefined }
  return { taken: brief(answer.message || answer.reason || 'Azure gave no reason') }
}
