import { IotDpsClient } from '@azure/arm-deviceprovisioningservices'
import { IotHubClient } from '@azure/arm-iothub'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { isRestError } from '@azure/core-rest-pipeline'
import type { Target } from '../../settings/settings.ts'
import { AzureError, describe, refusalOf, saysAbsent } from '../errors/azureError.ts'
import { ForeignHostError } from '../http/hostGuard.ts'
import { clientOptions, readablePolicy, type Transport } from '../http/pipeline.ts'
import { VERSIONS } from '../versions.ts'
import { armAt } from './arm.ts'

/** A user-assigned identity. */
export interface Identity {
  readonly id: string
  readonly name: string
  readonly location: string
  readonly tags: Readonly<Record<string, string>>
  readonly principalId: string
  readonly clientId: string
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
 * Microsoft's own clients, for the calls whose bodies they carry faithfully. Each speaks the api-version of the service
 * generation instead of its own, and shares our transport.
 */
export class Sdk {
  readonly #msi: ManagedServiceIdentityClient
  readonly #hubs: IotHubClient
  readonly #dps: IotDpsClient
  readonly #mask: (secret: string) => void

  constructor(
    transport: Transport,
    arm: string,
    subscriptionId: string,
    mask: (secret: string) => void
  ) {
    const options = clientOptions(transport, armAt(arm))
    const readable = { policy: readablePolicy, position: 'perCall' as const }
    const shared = {
      ...options,
      additionalPolicies: [readable, ...options.additionalPolicies],
      endpoint: arm
    }
    const { credential } = transport
    // The generated clients derive their token scope from different defaults; in a sovereign cloud both would be wrong.
    const credentialScopes = `${arm}/.default`
    this.#msi = new ManagedServiceIdentityClient(credential, subscriptionId, {
      ...shared,
      credentialScopes,
      apiVersion: VERSIONS.identity
    })
    this.#hubs = new IotHubClient(credential, subscriptionId, {
      ...shared,
      credentialScopes,
      apiVersion: VERSIONS.iotHub
    } as ConstructorParameters<typeof IotHubClient>[2])
    this.#dps = new IotDpsClient(credential, subscriptionId, {
      ...shared,
      credentials: { scopes: [credentialScopes] },
      apiVersion: VERSIONS.provisioning
    })
    this.#mask = mask
  }

  /** @returns undefined when it does not exist @throws AzureError */
  async getIdentity(target: Target, signal: AbortSignal): Promise<Identity | undefined> {
    try {
      const { resourceGroup, name, id } = target
      return await asAzureError('read User-assigned identity', id, async () =>
        identityOf(
          await this.#msi.userAssignedIdentities.get(resourceGroup, name, { abortSignal: signal })
        )
      )
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
    return asAzureError('create User-assigned identity', id, async () =>
      identityOf(
        await this.#msi.userAssignedIdentities.createOrUpdate(resourceGroup, name, parameters, {
          abortSignal: signal
        })
      )
    )
  }

  /** @throws AzureError */
  checkHubName(name: string, signal: AbortSignal): Promise<NameCheck | undefined> {
    return asAzureError('check the name of IoT hub', name, async () =>
      checked(
        await this.#hubs.iotHubResource.checkNameAvailability({ name }, { abortSignal: signal })
      )
    )
  }

  /** @throws AzureError */
  checkDpsName(name: string, signal: AbortSignal): Promise<NameCheck | undefined> {
    return asAzureError('check the name of Device Provisioning Service', name, async () =>
      checked(
        await this.#dps.iotDpsResource.checkProvisioningServiceNameAvailability(
          { name },
          { abortSignal: signal }
        )
      )
    )
  }

  /** @returns the primary key of a hub's policy, already masked @throws AzureError */
  hubKey(hub: Target, policy: string, signal: AbortSignal): Promise<string> {
    return asAzureError('read a key of IoT hub', hub.id, async () => {
      const { primaryKey, secondaryKey } = await this.#hubs.iotHubResource.getKeysForKeyName(
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
      const pages = this.#dps.iotDpsResource.listKeys(dps.name, dps.resourceGroup, {
        abortSignal: signal
      })
      for await (const { keyName, primaryKey, secondaryKey, rights } of pages) {
        const key = this.#secret(primaryKey, secondaryKey)
        policies.push({
          name: keyName,
          key,
          rights: rights.split(',').map((right) => right.trim())
        })
      }
      return policies
    })
  }

  #secret(primary: string | undefined, secondary: string | undefined): string {
    for (const key of [primary, secondary]) if (key) this.#mask(key)
    return primary ?? ''
  }
}

function identityOf(answer: {
  id?: string
  name?: string
  location: string
  tags?: Record<string, string>
  principalId?: string
  clientId?: string
}): Identity {
  const { id = '', name = '', location, tags = {}, principalId = '', clientId = '' } = answer
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
  return { taken: answer.message || answer.reason || 'Azure gave no reason' }
}

async function asAzureError<T>(
  operation: string,
  resource: string,
  call: () => Promise<T>
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof ForeignHostError)
      throw error.cameFrom({ doing: `${operation} ${resource}`, told: 'Azure said to go on at' })
    if (isRestError(error) && error.response) {
      const refusal = refusalOf(error.response)
      // The newer generation of clients keeps code and message, and drops the text of the answer.
      const { code } = error
      const parsed = error.response.bodyAsText === undefined && code !== undefined
      throw new AzureError(
        operation,
        resource,
        parsed
          ? { ...refusal, ...describe({ code, message: error.message }, refusal.status) }
          : refusal
      )
    }
    throw error
  }
}
