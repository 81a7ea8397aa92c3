import { notFound } from '../errors.ts'
import { key, sameLocation } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { onRemove, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { checkIdentity, checkLinkedHubs, patchDps } from './certificateAuthorities/linkedDps.ts'
import { checkJoined, type Joined } from './credentialsAndPolicies/joinedDps.ts'
import { attachIdentity, keysOf, newKeys, refuse, whereabouts } from './devices.ts'
import { generationOf, versionOf } from './generation.ts'
import { linksOf, readLinks, show } from './links.ts'
import { registerNameCheck, takenName } from './names.ts'
import { dpsPut, linkableDpsPut } from './provisioningSchema.ts'
import { registerRemoval } from './removal.ts'
import { dpsView } from './view.ts'

const DPS =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Devices/provisioningServices/:dps'
const SUFFIX = 'azure-devices-provisioning.net'

/** Shared access policies of a new DPS. */
const POLICIES = {
  provisioningserviceowner: 'ServiceConfig, DeviceConnect, EnrollmentWrite'
}

interface DpsBody {
  readonly location: string
  readonly tags?: Record<string, string>
  readonly sku: object
  readonly identity?: { readonly type?: string }
  readonly properties: {
    readonly allocationPolicy?: string
    readonly iotHubs?: readonly { readonly connectionString: string; readonly location: string }[]
    readonly deviceRegistryNamespace?: Joined
    readonly disableLocalAuth?: boolean
  }
}

function dpsId({ params }: Call): string {
  const { subscription, group, dps } = params
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Devices/provisioningServices/${dps}`
}

/** The DPS whose service data plane answers at a host. */
export function dpsAt(kernel: Kernel, host: string): Resource | undefined {
  const name = host.split('.')[0]
  return [...kernel.world.resources.values()].find(
    ({ id, body }) =>
      key(id).endsWith(`/provisioningservices/${name}`) &&
      (body.properties as { state?: string }).state === 'Active'
  )
}

/** Device Provisioning Services (contract section 9). */
export function register(routes: Routes, kernel: Kernel): void {
  const { world, operations, rbac, random } = kernel

  const find = (call: Call): Resource => {
    const id = dpsId(call)
    requireGroup(world, id, false)
    const dps = world.resources.get(key(id))
    if (!dps) throw notFound(id)
    return dps
  }
  const services = () =>
    [...world.resources.values()].filter(({ id }) => /\/provisioningservices\/[^/]+$/i.test(id))
  const taken = takenName(kernel, 'provisioningServices')
  registerNameCheck(routes, kernel, 'checkProvisioningServiceNameAvailability', taken)

  // The enrollment groups live and die with the service.
  onRemove(world, ({ id }) => {
    if (!/\/provisioningservices\/[^/]+$/i.test(id)) return
    const host = `${key(id).split('/').at(-1)}.${SUFFIX}`
    for (const name of [...world.enrollmentGroups.keys()]) {
      if (name.startsWith(`${host}/`)) world.enrollmentGroups.delete(name)
    }
  })

  routes.on(HOST, 'GET', DPS, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/provisioningServices/Read', dpsId(call))
    return { status: 200, body: dpsView(find(call).body, generationOf(call)) }
  })

  for (const [pattern, scopeOf] of [
    [DPS.replace('/:dps', ''), (call: Call) => dpsId(call).split('/providers/')[0] ?? ''],
    [
      '/subscriptions/:subscription/providers/Microsoft.Devices/provisioningServices',
      (call: Call) => `/subscriptions/${call.params.subscription}`
    ]
  ] as const) {
    routes.on(HOST, 'GET', pattern, (call) => {
      const scope = scopeOf(call)
      const action = 'Microsoft.Devices/provisioningServices/Read'
      const found = services().filter(({ id }) => key(id).startsWith(`${key(scope)}/`))
      const shown = readable(kernel, call, action, scope, found)
      return listed(kernel, call, shown, (body) => dpsView(body, generationOf(call)))
    })
  }

  routes.on(HOST, 'PUT', DPS, (call) => {
    const id = dpsId(call)
    rbac.require(call.caller, 'Microsoft.Devices/provisioningServices/Write', id)
    requireGroup(world, id, true)
    const name = call.params.dps ?? ''
    const stored = world.resources.get(key(id))
    const generation = generationOf(call)
    const schema = generation === 'B' ? linkableDpsPut : dpsPut
    checkBody(schema, call.body, { flat: true, stored: stored?.body })
    const wanted = call.body as DpsBody
    const ifMatch = kernel.config().dpsHonoursIfMatch ? call.headers['if-match'] : undefined
    if (stored && ifMatch !== undefined && ifMatch.replaceAll('"', '') !== stored.body.etag) {
      throw refuse(412, '412001', 'The etag does not match.')
    }
    if (!stored) checkNew(name)
    else if (!sameLocation(String(stored.body.location), wanted.location)) {
      throw refuse(400, '400001', 'The location cannot be changed.')
    }
    if (stored && generation === 'B') checkIdentity(stored, wanted)
    if (stored) checkLinkedHubs(kernel, stored, wanted)
    const identity = attachIdentity(kernel, call.caller, wanted.identity, stored)
    const joined = wanted.properties.deviceRegistryNamespace
    if (joined) checkJoined(kernel, id, joined, wanted.location, identity)
    const links = readLinks(world, stored ? linksOf(stored) : [], wanted.properties.iotHubs ?? [])
    const headers = operations.begin({
      resourceId: id,
      provider: 'Microsoft.Devices',
      location: wanted.location,
      latency: stored ? 'dpsUpdate' : 'dpsCreate',
      style: 'async',
      apiVersion: versionOf(call),
      effect: () => {
        const dps = world.resources.get(key(id))
        if (!dps) return
        dps.secret.links = links
        const properties = dps.body.properties as Record<string, unknown>
        properties.iotHubs = links.map(show)
        properties.state = 'Active'
        properties.provisioningState = 'Succeeded'
        properties.idScope ??= `0ne${random.hex(8).toUpperCase()}`
        dps.body.etag = random.hex(12)
      }
    })
    const dps: Resource = stored ?? { id, body: {}, secret: { keys: newKeys(kernel, POLICIES) } }
    const before = (stored?.body.properties ?? {}) as Record<string, unknown>
    dps.body = {
      id: dps.id,
      name,
      type: 'Microsoft.Devices/provisioningServices',
      ...whereabouts(dps.id),
      location: stored?.body.location ?? wanted.location,
      tags: wanted.tags ?? {},
      etag: random.hex(12),
      sku: { ...wanted.sku, tier: 'Standard' },
      // What a PUT leaves out is lost (contract 9.3).
      identity,
      properties: {
        // One that never lived is made once more [INF].
        state: before.idScope ? 'Active' : 'Activating',
        provisioningState: 'Accepted',
        iotHubs: before.iotHubs ?? [],
        allocationPolicy: wanted.properties.allocationPolicy ?? 'Hashed',
        ...(joined && { deviceRegistryNamespace: joined }),
        // What mirrors a link is the service's.
        ...(before.deviceRegistryNamespaces !== undefined && {
          deviceRegistryNamespaces: before.deviceRegistryNamespaces
        }),
        disableLocalAuth: wanted.properties.disableLocalAuth ?? before.disableLocalAuth ?? false,
        serviceOperationsHostName: `${name.toLowerCase()}.${SUFFIX}`,
        deviceProvisioningHostName: `global.${SUFFIX}`,
        ...(before.idScope !== undefined && { idScope: before.idScope })
      }
    }
    world.resources.set(key(id), dps)
    const body = structuredClone(dpsView(dps.body, generation))
    return { status: stored ? 200 : 201, body, headers }
  })

  routes.on(HOST, 'PATCH', DPS, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/provisioningServices/Write', dpsId(call))
    return patchDps(kernel, call, find(call))
  })

  registerRemoval(routes, kernel, {
    path: DPS,
    idOf: dpsId,
    action: 'Microsoft.Devices/provisioningServices/Delete',
    provider: 'Microsoft.Devices',
    latency: 'dpsDelete',
    style: 'location',
    says: { state: 'Deleting' }
  })

  routes.on(HOST, 'POST', `${DPS}/listkeys`, (call) => {
    rbac.require(call.caller, 'Microsoft.Devices/provisioningServices/listkeys/Action', dpsId(call))
    return { status: 200, body: { value: keysOf(find(call)) } }
  })

  routes.on(HOST, 'POST', `${DPS}/keys/:key/listkeys`, (call) => {
    rbac.require(
      call.caller,
      'Microsoft.Devices/provisioningServices/keys/listkeys/Action',
      dpsId(call)
    )
    const found = keysOf(find(call)).find(({ keyName }) => keyName === call.params.key)
    if (!found) throw refuse(404, '404002', `The key '${call.params.key}' was not found.`)
    return { status: 200, body: found }
  })

  function checkNew(name: string): void {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]{1,62}[A-Za-z0-9]$/.test(name)) {
      throw refuse(400, '400002', `The name '${name}' is not valid.`)
    }
    if (taken(name)) throw refuse(409, '409002', `The name '${name}' is not available.`)
    const quota = kernel.config().quotas.dps
    if (services().length >= quota) {
      throw refuse(400, '400003', `Max Iot Dps exceeded (Max Allowed=${quota})`)
    }
  }
}
