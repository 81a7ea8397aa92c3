import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { type Answer, ask, type Request } from '../scenarios/client.ts'
import { recordName, writeRecord } from '../scenarios/records.ts'
import { ARM, token } from './deployer.ts'

export const B = '2026-11-01'
const GROUP = '/resourceGroups/rg'
export const N = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/ns1`
export const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub1`
export const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps1`
export const ROOT = `${N}/certificateAuthorities/root-ca`
export const ICA = `${N}/certificateAuthorities/issuing-ca`
export const POLICY = `${ICA}/certificatePolicies/default`
const LOCATION = 'westeurope'
export const SYSTEM = { type: 'SystemAssigned' }

/** Roles of contract B, 5.1. */
export const ROLES = {
  contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  administrator: '12675fd7-7f59-493f-9201-f7944860a2f1',
  hubData: '4fc6c259-987e-4a07-842e-c321cc9d413f',
  registry: 'a5c3590a-3a1a-4cd4-9648-ea0a32b15137',
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
}

/** Somebody who follows contract B, section 2, by plain requests. */
export class Client {
  readonly azure: Emulator
  #authorization = ''
  #kept = 0

  private constructor(azure: Emulator) {
    this.azure = azure
  }

  static async start(options: Parameters<typeof startEmulator>[0] = {}): Promise<Client> {
    const client = new Client(await startEmulator({ profile: 'instant', ...options }))
    client.#authorization = `Bearer ${await token(client.azure)}`
    return client
  }

  arm(method: string, path: string, body?: unknown, version = B): Promise<Answer> {
    return this.ask({
      method,
      url: `${ARM}${this.id(path)}?api-version=${version}`,
      headers: { authorization: this.#authorization },
      body
    })
  }

  /** A request to another service. */
  ask(request: Request): Promise<Answer> {
    return ask(this.azure.env, request)
  }

  stop(): Promise<void> {
    return this.azure.stop()
  }

  id(path: string): string {
    return `/subscriptions/${this.azure.env.AZURE_SUBSCRIPTION_ID}${path}`
  }

  get(path: string, version = B): Promise<Answer> {
    return this.arm('GET', path, undefined, version)
  }

  /** Namespace, hub and DPS with their system identities. */
  async services(): Promise<void> {
    await this.arm('PUT', GROUP, { location: LOCATION }, '2021-04-01')
    await this.arm('PUT', N, { location: LOCATION, identity: SYSTEM, properties: {} })
    await this.get(N)
    await this.hub()
    await this.arm('PUT', DPS, {
      location: LOCATION,
      sku: { name: 'S1', capacity: 1 },
      identity: SYSTEM,
      properties: {}
    })
  }

  hub(path = HUB): Promise<Answer> {
    return this.arm('PUT', path, {
      location: LOCATION,
      sku: { name: 'S1', capacity: 1 },
      identity: SYSTEM,
      properties: { eventHubEndpoints: { events: { retentionTimeInDays: 1, partitionCount: 4 } } }
    })
  }

  async principal(path: string): Promise<string> {
    return (await this.get(path)).body.identity.principalId as string
  }

  async grant(principalId: string, role: string, scope: string): Promise<void> {
    const name = `${globalThis.crypto.randomUUID()}`
    const roleDefinitionId = this.id(`/providers/Microsoft.Authorization/roleDefinitions/${role}`)
    await this.arm(
      'PUT',
      `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      { properties: { roleDefinitionId, principalId, principalType: 'ServicePrincipal' } },
      '2022-04-01'
    )
  }

  /** Grants b1 to b8, without those that are named. */
  async grants(...without: readonly string[]): Promise<void> {
    const [ns, hub, dps] = [
      await this.principal(N),
      await this.principal(HUB),
      await this.principal(DPS)
    ]
    const matrix: readonly (readonly [string, string, string, string])[] = [
      ['b1', ns, ROLES.contributor, DPS],
      ['b2', dps, ROLES.contributor, N],
      ['b3', ns, ROLES.administrator, N],
      ['b4', ns, ROLES.contributor, HUB],
      ['b5', ns, ROLES.hubData, HUB],
      ['b6', hub, ROLES.contributor, N],
      ['b7', dps, ROLES.registry, N],
      ['b8', dps, ROLES.hubData, HUB]
    ]
    for (const [name, principal, role, scope] of matrix)
      if (!without.includes(name)) await this.grant(principal, role, scope)
  }

  link(section: 'provisioning' | 'messaging', name: string, path: string): Promise<Answer> {
    const endpointType =
      section === 'provisioning'
        ? 'Microsoft.Devices/provisioningServices'
        : 'Microsoft.Devices/IotHubs'
    const endpoint = { endpointType, resourceId: this.id(path), inboundCallerIdentity: SYSTEM }
    return this.arm('PATCH', N, { properties: { [section]: { endpoints: { [name]: endpoint } } } })
  }

  /** Links the DPS, then the hub. */
  async links(): Promise<void> {
    await this.link('provisioning', 'dps-1', DPS)
    await this.get(N)
    await this.link('messaging', 'hub-1', HUB)
    await this.get(N)
  }

  /** Root, issuing CA and certificate policy. */
  async authorities(): Promise<void> {
    const make = (properties: object) => ({ location: LOCATION, properties })
    const own = { keyType: 'ECC' }
    await this.arm('PUT', ROOT, make({ ...own, certificateAuthorityType: 'Root' }))
    await this.ready(ROOT)
    await this.arm(
      'PUT',
      ICA,
      make({ ...own, certificateAuthorityType: 'ICA', issuer: this.issuer })
    )
    await this.ready(ICA)
    await this.arm('PUT', POLICY, { properties: { certificate: { validityPeriodInDays: 30 } } })
    await this.ready(POLICY)
  }

  get issuer() {
    return { issuerType: 'Microsoft', certificateAuthorityResourceId: this.id(ROOT) }
  }

  /** Waits for `Succeeded`. */
  async ready(path: string): Promise<Answer> {
    for (;;) {
      const answer = await this.get(path)
      if (answer.body.properties?.provisioningState === 'Succeeded') return answer
    }
  }

  /** Pushes the link to the data plane. */
  async push(): Promise<void> {
    await this.arm('PATCH', DPS, { tags: { pushed: 'yes' } })
    await this.ready(DPS)
  }

  /** Keeps what this test sent for the conformance check. */
  keep(): void {
    writeRecord(recordName(), this.azure.requests.slice(this.#kept))
    this.#kept = this.azure.requests.length
  }

  /** What has happened so far is forgotten. */
  reset(): void {
    this.azure.reset()
    this.#kept = 0
  }
}
