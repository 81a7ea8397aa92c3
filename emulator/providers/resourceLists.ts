import { ArmError } from '../armError.ts'
import { isGroup, key, within } from '../ids.ts'
import type { Call, Kernel, Resource, Routes } from '../kernel.ts'
import { listed, readable } from '../lists.ts'
import { bornAt, requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import type { Tags } from './tags.ts'

const SUBSCRIPTION = '/subscriptions/:subscription'
const READ_GROUP = 'Microsoft.Resources/subscriptions/resourceGroups/read'
/** Microsoft's list has one right for the resources of a subscription, and another for those of a group. */
const READ_RESOURCES = {
  subscription: 'Microsoft.Resources/subscriptions/resources/read',
  group: 'Microsoft.Resources/subscriptions/resourceGroups/resources/read'
}

/** Resource groups and resources, all or by tag (contract 20.2). */
export function registerResourceLists(routes: Routes, kernel: Kernel): void {
  const { world, clock, subscriptionId } = kernel

  const visible = (resources: readonly Resource[], filter: Filter | undefined) =>
    resources.filter(({ id, body }) => {
      // Lists lag behind writes (contract 20.2).
      if (bornAt(world, id) + kernel.latency('listLag') > clock.now()) return false
      if (filter === undefined) return true
      return 'group' in filter
        ? within(id, `/subscriptions/${subscriptionId}/resourceGroups/${filter.group}`)
        : carries(body.tags as Tags | undefined, filter)
    })

  routes.on(HOST, 'GET', `${SUBSCRIPTION}/resourcegroups`, (call) => {
    const scope = `/subscriptions/${subscriptionId}`
    const groups = readable(
      kernel,
      call,
      READ_GROUP,
      scope,
      [...world.resources.values()].filter(({ id }) => isGroup(id))
    )
    return listed(kernel, call, visible(groups, filterOf(call)))
  })

  for (const below of ['', '/resourcegroups/:group']) {
    routes.on(HOST, 'GET', `${SUBSCRIPTION}${below}/resources`, (call) => {
      const { group } = call.params
      const scope = `/subscriptions/${subscriptionId}${group ? `/resourceGroups/${group}` : ''}`
      const inside = [...world.resources.values()].filter(
        (one) =>
          !isGroup(one.id) &&
          // A proxy resource, which has neither tags nor a location, is in no list.
          !/\/certificatepolicies\//i.test(one.id) &&
          key(one.id).startsWith(`${key(scope)}/`)
      )
      const resources = readable(
        kernel,
        call,
        READ_RESOURCES[group ? 'group' : 'subscription'],
        scope,
        inside
      )
      requireGroup(world, scope, false)
      const filter = filterOf(call)
      return listed(
        kernel,
        call,
        visible(resources, filter),
        ({ id, name, type, location, tags }) => ({
          id,
          name,
          type,
          location,
          // Microsoft's reference of this list: whoever filters by tag is not told the tags. That of groups has no such rule.
          ...(!(filter && 'name' in filter) && { tags })
        })
      )
    })
  }
}

interface Tag {
  readonly name: string
  readonly value: string
}

/** What a list is asked for: by a tag, with which no other filter goes (contract 20.2), or by a group's name. */
type Filter = Tag | { readonly group: string }

function filterOf({ url }: Call): Filter | undefined {
  const filter = url.searchParams.get('$filter')
  if (filter === null || filter === '') return undefined
  const [, name, value] = /^tagName eq '([^']*)' and tagValue eq '([^']*)'$/.exec(filter) ?? []
  if (name !== undefined && value !== undefined) return { name, value }
  const group = /^resourceGroup eq '([^']+)'$/.exec(filter)?.[1]
  if (group !== undefined) return { group }
  throw new ArmError(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter}'.`)
}

function carries(tags: Tags | undefined, { name, value }: Tag): boolean {
  return Object.entries(tags ?? {}).some(([tag, held]) => key(tag) === key(name) && held === value)
}
