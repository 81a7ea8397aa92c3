import type {
  Endpoint,
  LinkingNamespace
} from '../../../../src/generations/certificateAuthorities/model.ts'

export const GROUP = '/subscriptions/s/resourceGroups/rg'
export const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/ns1`
export const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps1`
export const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub1`
export const PRINCIPAL = '11111111-1111-1111-1111-111111111111'

export function dpsEndpoint(more: Partial<Endpoint> = {}): Endpoint {
  return {
    endpointType: 'Microsoft.Devices/provisioningServices',
    resourceId: DPS,
    inboundCallerIdentity: { type: 'SystemAssigned' },
    linkingState: 'Succeeded',
    ...more
  }
}

export function hubEndpoint(more: Partial<Endpoint> = {}): Endpoint {
  return {
    endpointType: 'Microsoft.Devices/IotHubs',
    resourceId: HUB,
    inboundCallerIdentity: { type: 'SystemAssigned' },
    provisioning: { availability: 'Available', allocationWeight: 1 },
    linkingState: 'Succeeded',
    ...more
  }
}

/** A namespace with these endpoints, as a GET shows it. */
export function namespaceWith(
  provisioning: Readonly<Record<string, Endpoint>>,
  messaging: Readonly<Record<string, Endpoint>> = {},
  provisioningState = 'Succeeded'
): LinkingNamespace {
  return {
    id: NAMESPACE,
    name: 'ns1',
    location: 'westeurope',
    tags: { team: 'iot' },
    identity: { type: 'SystemAssigned', principalId: PRINCIPAL },
    properties: {
      uuid: '00000000-0000-0000-0000-000000000001',
      provisioningState,
      provisioning: { endpoints: provisioning },
      messaging: { endpoints: messaging }
    }
  }
}
