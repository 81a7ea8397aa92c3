import type { Environment, SignIn } from '../settings/settings.ts'
import { Arm } from './clients/arm.ts'
import { DpsServiceClient } from './clients/dpsServiceClient.ts'
import { Graph } from './clients/graph.ts'
import { Permissions } from './clients/permissions.ts'
import { Providers } from './clients/providers.ts'
import { Sdk } from './clients/sdk.ts'
import { CLOUD, type Cloud } from './clouds.ts'
import { AzureClock } from './http/azureClock.ts'
import type { Transport, Wire } from './http/pipeline.ts'
import type { ReadAhead } from './http/readAhead.ts'
import type { Credential } from './signIn/tokenMemory.ts'
import type { Time } from './time.ts'
import { type ServiceVersions, VERSIONS } from './versions.ts'

/** Azure as the steps see it. */
export interface Azure {
  readonly arm: Arm
  readonly sdk: Sdk
  readonly graph: Graph
  readonly data: DpsServiceClient
  readonly permissions: Permissions
  readonly providers: Providers
  /** What is asked for before it is known who needs it. */
  readonly ahead: ReadAhead
  readonly cloud: Cloud
  readonly time: Time
  /** Of the model of the service that is spoken to. */
  readonly versions: ServiceVersions
  /** Merges tags into any resource or group, whatever its own PUT would do to the others (contract 20.2). */
  tag(id: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
  /** Removes tags that still have these values; others stay. */
  untag(id: string, tags: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void>
  /**
   * The tags of any resource or group, without knowing its provider's versions.
   *
   * @returns undefined when it does not exist
   */
  tagsOf(id: string, signal: AbortSignal): Promise<Readonly<Record<string, string>> | undefined>
}

export interface Connection extends Wire {
  readonly credential: Credential
  readonly mask: (secret: string) => void
  readonly ahead: ReadAhead
  /** Told at once what makes everything after it doubtful. */
  readonly warn: (text: string) => void
}

/** Azure, spoken to with the api-versions of one model of the service. */
export type Speak = (versions: ServiceVersions) => Azure

/** One transport, one sign-in and one memory for all models. */
export function connect(
  signIn: SignIn,
  enrollmentAuth: Environment['enrollmentAuth'],
  connection: Connection
): Speak {
  const { ahead, mask, time, warn } = connection
  const transport: Transport = { ...connection, clock: new AzureClock(time, warn) }
  const cloud = CLOUD[signIn.cloud]
  const arm = new Arm(transport, cloud.arm, ahead)
  const changeTags =
    (operation: 'Merge' | 'Delete') =>
    async (id: string, tags: Readonly<Record<string, string>>, signal: AbortSignal) => {
      await arm.patch(tagsAt(id), {
        apiVersion: VERSIONS.resources,
        operation: 'tag',
        body: { operation, properties: { tags } },
        signal
      })
    }
  const common = {
    arm,
    ahead,
    graph: new Graph(transport, cloud.graph),
    permissions: new Permissions(arm),
    providers: new Providers(arm),
    cloud,
    time,
    tag: changeTags('Merge'),
    untag: changeTags('Delete'),
    async tagsOf(id: string, signal: AbortSignal) {
      const found = await arm.get<{ readonly properties?: { tags?: Record<string, string> } }>(
        tagsAt(id),
        VERSIONS.resources,
        { operation: 'read the tags of', signal }
      )
      return found && (found.properties?.tags ?? {})
    }
  }
  const speak = (versions: ServiceVersions): Azure => {
    const { subscriptionId } = signIn
    const sdk = new Sdk(transport, { arm: cloud.arm, subscriptionId, mask, versions })
    const data = new DpsServiceClient(transport, {
      sdk,
      scope: cloud.dpsScope,
      hosts: cloud.dpsHosts,
      mode: enrollmentAuth,
      mask,
      apiVersion: versions.provisioningData
    })
    return { ...common, versions, sdk, data }
  }
  const spoken = new Map<string, Azure>()
  return (versions) => {
    const known = spoken.get(versions.deviceRegistry) ?? speak(versions)
    spoken.set(versions.deviceRegistry, known)
    return known
  }
}

function tagsAt(id: string): string {
  return `${id}/providers/Microsoft.Resources/tags/default`
}
