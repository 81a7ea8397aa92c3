import { key } from '../../emulator/ids.ts'
import { type Link, linksOf, show } from '../../emulator/providers/links.ts'
import { ownershipTags } from '../../src/settings/ownerTags.ts'
import { type Built, type Estate, REPOSITORIES } from './estate.ts'
import type { Hazard } from './hazard.ts'
import { linkOf } from './ledger.ts'
import { joinedHub, policy, registryDevice } from './namespaceHazards.ts'
import type { Body, Resource } from './scenario.ts'

const THEIRS = 'theirs.azure-devices.net'
const STORAGE = 'Microsoft.Storage/storageAccounts'
const TRACKED = [
  'resourceGroups',
  'userAssignedIdentities',
  'namespaces',
  'credentials',
  'policies',
  'certificateAuthorities',
  'IotHubs',
  'provisioningServices'
]

function choose<T>(list: readonly T[], pick: number): T | undefined {
  return list[pick % list.length]
}

function owned(estate: Estate, environment: Built, types = TRACKED): readonly Resource[] {
  return types.flatMap((type) => estate.find(environment, type) ?? [])
}

function storeIn(estate: Estate, group: string, name = 'theirs'): string {
  return estate.put(`${group}/providers/${STORAGE}/${name}`, {
    type: STORAGE,
    location: 'westeurope',
    tags: {},
    properties: {}
  })
}

/** Another resource of the same kind, which nothing refers to. */
function twin(estate: Estate, one: Resource, id: string, tags: Body): string {
  const { identity: _identity, properties, ...body } = structuredClone(one.body)
  const name = id.slice(id.lastIndexOf('/') + 1)
  const { deviceRegistry: _j, messaging: _m, provisioning: _p, hostName, ...rest } = properties
  const host = hostName === undefined ? {} : { hostName: `${name}.azure-devices.net` }
  return estate.put(id, { ...body, tags, properties: { ...rest, ...host } }, { ...one.secret })
}

const ENDED = { 'iot-expires': '2020-01-01T00:00:00.000Z' }
const TWINS = ['IotHubs', 'namespaces', 'userAssignedIdentities']

const retagged =
  (tags: (one: Resource, environment: Built, pick: number) => Body): Hazard =>
  (estate, environment, pick) => {
    const one = choose(owned(estate, environment), pick)
    const group = estate.group(environment)
    if (one === undefined || group === undefined) return undefined
    one.body.tags = tags(one, environment, pick)
    return { theirs: [key(one.id)], beside: [key(group.id)] }
  }

/** Enrollment groups of others. Those after the second would be the environment's on a DPS of its own. */
const ENROLLMENTS: readonly ((own: Resource) => Body)[] = [
  ({ body }) => ({ ...body, enrollmentGroupId: 'theirs', iotHubs: [THEIRS] }),
  ({ body }) => ({ ...body, enrollmentGroupId: 'theirs', iotHubs: [...body.iotHubs, THEIRS] }),
  ({ body }) => ({ ...body, enrollmentGroupId: 'theirs' }),
  ({ body }) => ({ ...body, attestation: { type: 'x509' } }),
  ({ body }) => ({ ...body, iotHubs: [] }),
  ({ body }) => ({ ...body, iotHubs: [...body.iotHubs, THEIRS] })
]

const enrollment: Hazard = (estate, environment, pick) => {
  const { world } = estate
  const dps = estate.dps(environment)
  const [at, own] =
    [...world.enrollmentGroups].find(([, { id }]) => environment.made.includes(key(id))) ?? []
  if (at === undefined || own === undefined || dps === undefined) return undefined
  const shared = environment.shape === 'guest'
  const make = choose(shared ? ENROLLMENTS : ENROLLMENTS.slice(0, 2), pick)
  const body = make?.(own as Resource)
  if (body === undefined) return undefined
  const name = String(body.enrollmentGroupId)
  const id = `${dps.id}/enrollmentGroups/${name}`
  world.enrollmentGroups.set(at.replace(/[^/]+$/, name.toLowerCase()), {
    id,
    body,
    secret: { ...own.secret }
  })
  return { theirs: [key(id)], beside: [key(dps.id)] }
}

function setLinks(dps: Resource, links: readonly Link[]): void {
  dps.secret.links = [...links]
  dps.body.properties.iotHubs = links.map(show)
  dps.body.etag = `"${Object.keys(links).length} ${String(dps.body.etag).replaceAll('"', '')}"`
}

/** Everything that may stand beside a deletion, or arrive while it is under way. */
export const HAZARDS = {
  foreign: retagged((one, { name, repository }, pick) => {
    const other = choose(REPOSITORIES, pick >> 3) ?? repository
    const somebody = {
      host: new URL(other.server ?? 'https://github.com').host,
      repositoryId: other.id,
      repository: other.name,
      environment: other === repository ? `${name}-2` : name,
      branch: 'as recorded' as const
    }
    return { ...ownershipTags(somebody, one.id) }
  }),

  wiped: retagged(() => ({ team: 'blue' })),

  copied: (estate, environment, pick) => {
    const group = estate.group(environment)
    if (group === undefined) return undefined
    const beside = [key(group.id)]
    const one = choose([group, ...owned(estate, environment, TWINS)], pick)
    if (one === undefined || one === group) {
      const copy = estate.putGroup('copy', { ...group.body.tags, ...ENDED })
      return { theirs: [key(copy), storeIn(estate, copy)], beside }
    }
    const copies = estate.putGroup('copies')
    const id = one.id.replace(group.id, copies).replace(/[^/]+$/, '0-copy')
    return { theirs: [key(copies), twin(estate, one, id, one.body.tags)], beside }
  },

  inherited: (estate, environment, pick) => {
    const group = estate.group(environment)
    const one = choose(owned(estate, environment, TWINS), pick)
    if (group === undefined || one === undefined) return undefined
    const id = one.id.replace(/[^/]+$/, '0-inherited')
    return { theirs: [twin(estate, one, id, group.body.tags)], beside: [key(group.id)] }
  },

  moved: (estate, environment, pick) => {
    const group = estate.group(environment)
    const one = choose(owned(estate, environment, ['userAssignedIdentities', 'IotHubs']), pick)
    if (group === undefined || one === undefined) return undefined
    const moved = estate.putGroup('moved')
    estate.world.resources.delete(key(one.id))
    const id = estate.put(one.id.replace(group.id, moved), one.body, one.secret)
    return { theirs: [key(moved), id], beside: [key(group.id)] }
  },

  /** The deploying identity may do all but see storage, and lists tell only of what it may see. */
  unseen: (estate, environment) => {
    const group = estate.group(environment)
    if (group === undefined) return undefined
    const scope = `/subscriptions/${estate.azure.env.AZURE_SUBSCRIPTION_ID}`
    const role = {
      id: '7f6d5c4b-0000-4000-8000-000000000001',
      name: 'All but storage',
      actions: ['*'],
      notActions: ['Microsoft.Storage/*'],
      dataActions: ['*']
    }
    estate.azure.configure({
      listsTrimmed: true,
      roles: [role],
      deployer: { grants: [{ role: role.name, scope }] }
    })
    return { theirs: [storeIn(estate, group.id, 'unseen')], beside: [key(group.id)] }
  },

  'storage account': (estate, environment) => {
    const group = estate.group(environment)
    return group && { theirs: [storeIn(estate, group.id)], beside: [key(group.id)] }
  },

  'enrollment group': enrollment,

  link: (estate, environment) => {
    const dps = estate.dps(environment)
    const [own] = dps === undefined ? [] : linksOf(dps)
    if (dps === undefined || own === undefined) return undefined
    setLinks(dps, [...linksOf(dps), { ...own, name: THEIRS }])
    return { theirs: [linkOf(dps.id, THEIRS)], beside: [key(dps.id)] }
  },

  /** Somebody writes the list of links from an older copy of it. */
  'older copy': (estate, environment) => {
    const dps = estate.platformOf(environment) && estate.dps(environment)
    const copy = environment.world.resources.get(key(dps?.id ?? ''))
    if (dps === undefined || copy === undefined || linksOf(copy).length === 0) return undefined
    const known = linksOf(dps).map(({ name }) => name)
    setLinks(dps, [...linksOf(dps), ...linksOf(copy).filter(({ name }) => !known.includes(name))])
    return { theirs: [], beside: [key(dps.id)] }
  },

  'joined hub': joinedHub,

  policy,

  'registry device': registryDevice,

  grant: (estate, environment) => {
    const group = estate.group(environment)
    const platform = estate.platformOf(environment)
    const above = `/subscriptions/${estate.azure.env.AZURE_SUBSCRIPTION_ID}`
    const scope = (platform && estate.find(platform, 'namespaces')?.id) ?? above
    if (group === undefined) return undefined
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/theirs`
    const roleDefinitionId = `${above}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`
    const properties = { scope, principalId: 'somebody', roleDefinitionId }
    const body = { id, name: 'theirs', type: 'Microsoft.Authorization/roleAssignments', properties }
    estate.world.roleAssignments.set(key(id), { id, body, secret: { effectiveAt: 0 } })
    return { theirs: [key(id)], beside: [key(group.id)] }
  }
} satisfies Readonly<Record<string, Hazard>>

export type HazardName = keyof typeof HAZARDS
export const HAZARD_NAMES = Object.keys(HAZARDS) as readonly HazardName[]
