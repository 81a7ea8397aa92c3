import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Settings } from '../settings/settings.ts'
import { Arm } from './arm.ts'
import { CLOUD, type Cloud } from './clouds.ts'
import { DpsData } from './dpsData.ts'
import { Graph } from './graph.ts'
import { Permissions } from './permissions.ts'
import type { Transport } from './pipeline.ts'
import { Sdk } from './sdk.ts'
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
}

export interface Connection {
  readonly credential: TokenCredential
  readonly time: Time
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
    async tag(id, tags, signal) {
      await arm.patch(`${id}/providers/Microsoft.Resources/tags/default`, {
        apiVersion: VERSIONS.resources,
        operation: 'tag',
        body: { operation: 'Merge', properties: { tags } },
        signal
      })
    }
  }
}
