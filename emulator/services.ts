import * as device from './dataplane/device.ts'
import * as service from './dataplane/service.ts'
import { registerEntra } from './entra.ts'
import { registerForeign } from './foreign.ts'
import { registerGitHub } from './github.ts'
import { registerGraph } from './graph.ts'
import type { Kernel, Routes } from './kernel.ts'
import type { OperationStore } from './operations.ts'
import { registerAuthorization } from './providers/authorization.ts'
import { type Catalog, registerCatalog } from './providers/catalog.ts'
import * as activation from './providers/certificateAuthorities/activation.ts'
import * as authorities from './providers/certificateAuthorities/authorities.ts'
import * as certificatePolicies from './providers/certificateAuthorities/certificatePolicies.ts'
import { guardNamespaces } from './providers/certificateAuthorities/children.ts'
import { orphanMirrors } from './providers/certificateAuthorities/mirrors.ts'
import * as registryDevices from './providers/certificateAuthorities/registryDevices.ts'
import { watchTargets } from './providers/certificateAuthorities/targets.ts'
import * as credentials from './providers/credentialsAndPolicies/credentials.ts'
import * as policies from './providers/credentialsAndPolicies/policies.ts'
import * as synchronize from './providers/credentialsAndPolicies/synchronize.ts'
import * as deviceregistry from './providers/deviceregistry.ts'
import { registerFederatedCredentials } from './providers/federatedCredentials.ts'
import * as hubCertificates from './providers/hubCertificates.ts'
import { registerIdentities } from './providers/identities.ts'
import * as iothub from './providers/iothub.ts'
import { registerLocks } from './providers/locks.ts'
import { registerOtherServices } from './providers/otherServices.ts'
import * as provisioning from './providers/provisioning.ts'
import { registerResourceLists } from './providers/resourceLists.ts'
import { registerResources } from './providers/resources.ts'
import { registerRoleDefinitions } from './providers/roleDefinitions.ts'
import { registerStatus } from './providers/status.ts'
import { registerTags } from './providers/tags.ts'
import type { Rbac } from './rbac.ts'
import type { Tokens } from './tokens.ts'

/** What the services share besides the kernel. */
export interface Parts {
  readonly kernel: Kernel
  readonly tokens: Tokens
  readonly catalog: Catalog
  readonly operations: OperationStore
  readonly rbac: Rbac
}

/** Every service that the emulator plays. @param requestToken with which a job asks GitHub for its assertion */
export function registerServices(
  routes: Routes,
  { kernel, tokens, catalog, operations, rbac }: Parts,
  requestToken: string
): void {
  registerGitHub(routes, kernel, tokens, requestToken)
  registerEntra(routes, kernel, tokens)
  registerGraph(routes, kernel, (provider) => catalog.stateOf(provider) === 'Registered')
  registerResources(routes, kernel)
  registerResourceLists(routes, kernel)
  registerTags(routes, kernel)
  registerCatalog(routes, kernel)
  registerIdentities(routes, kernel)
  registerFederatedCredentials(routes, kernel)
  registerOtherServices(routes, kernel)
  registerAuthorization(routes, kernel, rbac)
  registerRoleDefinitions(routes, kernel)
  registerLocks(routes, kernel)
  registerStatus(routes, operations)
  registerForeign(routes)
  guardNamespaces(kernel)
  orphanMirrors(kernel)
  watchTargets(kernel)
  for (const provider of [
    deviceregistry,
    credentials,
    policies,
    synchronize,
    authorities,
    activation,
    certificatePolicies,
    registryDevices,
    iothub,
    hubCertificates,
    provisioning,
    service,
    device
  ]) {
    provider.register(routes, kernel)
  }
}
