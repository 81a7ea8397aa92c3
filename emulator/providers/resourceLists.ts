import { ArmError } from '../armError.ts'
import { isGroup, key } from '../ids.ts'
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

  const visible = (resources: readonly Resource[], tag: Tag | undefined) =>
    resources.filter(({ id, body }) => {
      // Lists lag behind writes (contract 20.2).
      if (bornAt(world, id) + kernel.latency('listLag') > clock.now()) return false
      return tag === undefined || carries(body.tags as Tags | undefined, tag)
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
    return listed(kernel, call, visible(groups, tagOf(call)))
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
      const tag = tagOf(call)
      return listed(
        kernel,
        call,
        visible(resources, tag),
        ({ id, name, type, location, tags }) => ({
          id,
          name,
          type,
          location,
          // Microsoft's reference of this list: whoever filters by tag is not told the tags. That of groups has no such rule.
          ...(tag === undefined && { tags })
        })
      )
    })
  }
}

interface Tag {
  readonly name: string
  readonly value: string
}

/** The tag that a list is asked for; no other filter goes with it (contract 20.2). */
function tagOf({ url }: Call): Tag | undefined {
  const filter = url.searchParams.get('$filter')
  if (filter === null || filter === '') return undefined
  const [, name, value] = /^tagName eq '([^']*)' and tagValue eq '([^']*)'$/.exec(filter) ?? []
  if (name !== undefined && value !== undefined) return { name, value }
  throw new ArmError(400, 'InvalidFilterInQueryString', `Invalid $filter '${filter}'.`)
}

function carries(tags: Tags | undefined, { name, value }: Tag): boolean {
  return Object.entries(tags ?? {}).some(([tag, held]) => key(tag) === key(name) && held === value)
}
