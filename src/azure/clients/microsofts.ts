import { IotDpsClient } from '@azure/arm-deviceprovisioningservices'
import { IotHubClient } from '@azure/arm-iothub'
import { ManagedServiceIdentityClient } from '@azure/arm-msi'
import { bearerTokenAuthenticationPolicyName, type PipelinePolicy } from '@azure/core-rest-pipeline'
import { scopeOf } from '../clouds.ts'
import { withoutForms } from '../http/client.ts'
import { clientOptions, readablePolicy, type Transport } from '../http/pipeline.ts'
import { sendOnce } from '../http/retry.ts'
import { type ServiceVersions, VERSIONS } from '../versions.ts'
import { armAt } from './arm.ts'

/** Microsoft's clients of one subscription. */
export interface Microsofts {
  readonly msi: ManagedServiceIdentityClient
  readonly hubs: IotHubClient
  readonly dps: IotDpsClient
}

/** What is made here is looked at before it is made again, as what is made without these clients. */
const makeOnce: PipelinePolicy = {
  name: 'provisionMakeOncePolicy',
  sendRequest(request, next) {
    if (request.method === 'PUT') sendOnce(request)
    return next(request)
  }
}

/** Each speaks the api-version of the model instead of its own, and shares our transport. */
export function createClients(
  transport: Transport,
  {
    arm,
    subscriptionId,
    versions
  }: {
    readonly arm: string
    readonly subscriptionId: string
    readonly versions: ServiceVersions
  }
): Microsofts {
  const options = clientOptions(transport, armAt(arm), scopeOf(arm))
  const own = [makeOnce, readablePolicy].map((policy) => ({ policy, position: 'perCall' as const }))
  const shared = {
    ...options,
    additionalPolicies: [...own, ...options.additionalPolicies],
    endpoint: arm
  }
  const { credential } = transport
  const msi = new ManagedServiceIdentityClient(credential, subscriptionId, {
    ...shared,
    apiVersion: VERSIONS.identity
  })
  const hubs = new IotHubClient(credential, subscriptionId, {
    ...shared,
    apiVersion: versions.iotHub
  } as ConstructorParameters<typeof IotHubClient>[2])
  const dps = new IotDpsClient(credential, subscriptionId, {
    ...shared,
    apiVersion: versions.provisioning
  })
  // Our own gives them their tokens: theirs derive the scope from different defaults, which would be wrong in a sovereign
  // cloud, and do not answer an expired token.
  for (const { pipeline } of [msi, hubs, dps])
    withoutForms(pipeline).removePolicy({ name: bearerTokenAuthenticationPolicyName })
  return { msi, hubs, dps }
}
