import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Settings } from '../settings/settings.ts'
import { Arm } from './clients/arm.ts'
import { DpsData } from './clients/dpsData.ts'
import { Graph } from './clients/graph.ts'
import { Permissions } from './clients/permissions.ts'
import { Sdk } from './clients/sdk.ts'
import { CLOUD, type Cloud } from './clouds.ts'
import type { Transport } from './http/pipeline.ts'
import type { Time } from './time.ts'
import { VERSIONS } from './versions.ts'

/** Azure as the steps see it. */
export interface Azure {
  readonly arm: Arm
  readonly sdk: Sdk
  readonly graph: Graph
  readonly data: DpsData
  readonly permissions: Permissions
  readonly cloud: Cloud
  readonly time: Time
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

export interface Connection {
  readonly credential: TokenCredential
  readonly time: Time
  readonly signal: AbortSignal
  readonly notify: (text: string) => void
  readonly debug: (text: string) => void
  readonly answered: (inWords: () => string) => void
  readonly mask: (secret: string) => void
  readonly httpClient?: HttpClient
}

export function connect({ signIn, environment }: Settings, connection: Connection): Azure {
  const { mask, time } = connection
  const transport: Transport = connection
  const cloud = CLOUD[signIn.cloud]
  const arm = new Arm(transport, cloud.arm)
  const sdk = new Sdk(transport, cloud.arm, signIn.subscriptionId, mask)
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
  return {
    arm,
    sdk,
    graph: new Graph(transport, cloud.graph),
    data: new DpsData(transport, {
      sdk,
      scope: cloud.dpsScope,
      mode: environment.enrollmentAuth,
      mask
    }),
    permissions: new Permissions(arm),
    cloud,
    time,
    tag: changeTags('Merge'),
    untag: changeTags('Delete'),
    async tagsOf(id, signal) {
      const found = await arm.get<{ readonly properties?: { tags?: Record<string, string> } }>(
        tagsAt(id),
        VERSIONS.resources,
        { operation: 'read the tags of', signal }
      )
      return found && (found.properties?.tags ?? {})
    }
  }
}

function tagsAt(id: string): string {
  return `${id}/providers/Microsoft.Resources/tags/default`
}
