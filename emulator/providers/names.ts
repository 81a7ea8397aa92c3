import { key } from '../ids.ts'
import type { Kernel, Routes } from '../kernel.ts'
import { checkBody } from '../strict.ts'
import { HOST } from './addresses.ts'
import { object, text } from './schemas.ts'

const nameCheck = object({ name: text }, ['name'])

/** Whether a name is taken, by a service that lives here or by somebody else in Azure: both kinds are global DNS names. */
export function takenName({ world, config }: Kernel, type: string): (name: string) => boolean {
  return (name) =>
    [...world.resources.keys()].some((id) => id.endsWith(`/${key(type)}/${key(name)}`)) ||
    config().takenNames.some((other) => key(other) === key(name))
}

/** The name check of hub and DPS (contract 8.1 and 9.1). */
export function registerNameCheck(
  routes: Routes,
  kernel: Kernel,
  operation: string,
  taken: (name: string) => boolean
): void {
  const path = `Microsoft.Devices/${operation}`
  routes.on(HOST, 'POST', `/subscriptions/:subscription/providers/${path}`, (call) => {
    const scope = `/subscriptions/${call.params.subscription}`
    kernel.rbac.require(call.caller, `${path}/Action`, scope)
    checkBody(nameCheck, call.body, { flat: true })
    const { name } = call.body as { name: string }
    const message = `The name '${name}' is not available.`
    // The reason says Invalid although the name is free (contract 8.1).
    const body = taken(name)
      ? { nameAvailable: false, reason: 'AlreadyExists', message }
      : { nameAvailable: true, reason: 'Invalid', message: null }
    return { status: 200, body }
  })
}

/** Event Hubs and Service Bus have namespaces as well. */
export function isNamespace(id: string): boolean {
  return /\/microsoft\.deviceregistry\/namespaces\/[^/]+$/i.test(id)
}
