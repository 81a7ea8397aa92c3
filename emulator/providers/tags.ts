import { ArmError } from '../armError.ts'
import { notFound } from '../errors.ts'
import { key } from '../ids.ts'
import type { Call, Kernel, Routes } from '../kernel.ts'
import { checkBody } from '../strict.ts'
import { requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { object, tags } from './schemas.ts'

const schema = object(
  { operation: { enum: ['Merge', 'Replace', 'Delete'] }, properties: object({ tags }, ['tags']) },
  ['operation', 'properties']
)

export type Tags = Record<string, string>

/** Tags of any resource or group (contract 20.2). */
export function registerTags(routes: Routes, { world, rbac }: Kernel): void {
  const find = (call: Call, right: 'read' | 'write') => {
    const scope = call.params.scope ?? ''
    rbac.require(call.caller, `Microsoft.Resources/tags/${right}`, scope)
    const resource = world.resources.get(key(scope))
    if (!resource) throw notFound(scope)
    return { scope, resource }
  }

  for (const method of ['GET', 'PATCH'] as const) {
    routes.on(HOST, method, '/*scope/providers/Microsoft.Resources/tags/default', (call) => {
      const { scope, resource } = find(call, method === 'GET' ? 'read' : 'write')
      if (method === 'PATCH') {
        requireGroup(world, scope, true)
        checkBody(schema, call.body)
        resource.body.tags = edited((resource.body.tags ?? {}) as Tags, call.body)
      }
      return {
        status: 200,
        body: {
          id: `${scope}/providers/Microsoft.Resources/tags/default`,
          name: 'default',
          type: 'Microsoft.Resources/tags',
          properties: { tags: resource.body.tags ?? {} }
        }
      }
    })
  }
}

/**
 * Tag names compare without regard to case and keep the case they have (contract 20.2). Delete takes, as Microsoft's
 * reference has it, names or names with values: a name alone comes with an empty value [INF].
 */
function edited(present: Tags, body: unknown): Tags {
  const { operation, properties } = body as { operation: string; properties: { tags: Tags } }
  const result = operation === 'Replace' ? {} : { ...present }
  for (const [name, value] of Object.entries(properties.tags)) {
    const known = Object.keys(result).find((one) => key(one) === key(name))
    if (operation !== 'Delete') result[known ?? name] = value
    else if (known !== undefined && ['', result[known]].includes(value)) delete result[known]
  }
  if (Object.keys(result).length > 50) {
    throw new ArmError(400, 'TooManyTags', 'A resource takes at most 50 tags.')
  }
  return result
}
