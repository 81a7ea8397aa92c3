import { key } from '../../emulator/ids.ts'
import type { Hazard } from './hazard.ts'
import { linkOf } from './ledger.ts'
import type { Body, Resource } from './scenario.ts'

/** Somebody else's hub, which the namespace of the environment has come to serve. */
export const joinedHub: Hazard = (estate, environment) => {
  const namespace = estate.find(environment, 'namespaces')
  if (namespace === undefined) return undefined
  const theirs = estate.putGroup('theirs')
  const id = `${theirs}/providers/Microsoft.Devices/IotHubs/joined`
  const isLinked = environment.model === '2026-11-01'
  const hub = estate.put(id, {
    type: 'Microsoft.Devices/IotHubs',
    location: 'westeurope',
    tags: {},
    sku: { name: isLinked ? 'S1' : 'GEN2', capacity: 1 },
    properties: {
      provisioningState: 'Succeeded',
      state: 'Active',
      hostName: 'joined.azure-devices.net',
      deviceRegistry: { namespaceResourceId: namespace.id }
    }
  })
  const group = estate.group(environment)
  const beside = group ? [key(group.id)] : []
  if (!isLinked) return { theirs: [key(theirs), hub], beside }
  endpointsIn(namespace).joined = {
    endpointType: 'Microsoft.Devices/IotHubs',
    resourceId: id,
    linkingState: 'Succeeded'
  }
  const link = linkOf(namespace.id, 'joined.azure-devices.net')
  return { theirs: [key(theirs), hub, link], beside }
}

/** A certificate authority, or a policy, that somebody else made in it. */
export const policy: Hazard = (estate, environment) => {
  const group = estate.group(environment)
  const namespace = estate.find(environment, 'namespaces')
  if (namespace === undefined || group === undefined) return undefined
  const beside = [key(group.id)]
  if (environment.model === '2026-11-01') {
    const properties = { certificateAuthorityType: 'ICA', provisioningState: 'Succeeded' }
    const type = 'Microsoft.DeviceRegistry/namespaces/certificateAuthorities'
    const body = { type, location: 'westeurope', tags: {}, properties }
    return {
      theirs: [estate.put(`${namespace.id}/certificateAuthorities/theirs`, body)],
      beside
    }
  }
  const credential = estate.find(environment, 'credentials')
  const policy = estate.find(environment, 'policies')
  if (!credential || !policy) return undefined
  const id = `${credential.id}/policies/theirs`
  return { theirs: [estate.put(id, { ...policy.body, tags: {} }, { ...policy.secret })], beside }
}

/** Registered with the namespace of a platform, by whichever hub. */
export const registryDevice: Hazard = (estate, environment) => {
  const platform = estate.platformOf(environment)
  const namespace = estate.find(platform ?? environment, 'namespaces')
  const group = estate.group(environment)
  if (environment.model !== '2026-11-01' || !namespace || !group) return undefined
  const type = 'Microsoft.DeviceRegistry/namespaces/registryDevices'
  const properties = { externalDeviceId: 'theirs', provisioningState: 'Succeeded' }
  const id = `${namespace.id}/registryDevices/theirs`
  const device = estate.put(id, { type, location: 'westeurope', properties })
  return { theirs: [device], beside: [key(group.id)] }
}

function endpointsIn({ body }: Resource): Body {
  body.properties.messaging ??= { endpoints: {} }
  return body.properties.messaging.endpoints as Body
}
