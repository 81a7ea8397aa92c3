import { AzureError } from '../azure/errors.ts'
import type { Check, Task } from '../engine/step.ts'
import type { Environment, Target } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { isOurs, sameId, type Tracked } from './ownership.ts'
import { isFailed, provisioned } from './state.ts'
import type { CreateBody, TrackedFacts } from './tracked.ts'

/** What hub and DPS, the two resources of Microsoft.Devices, have in common. */
export interface DeviceService extends Tracked {
  readonly etag?: string
}

/**
 * Creates by PUT. What is there by now was made by somebody since it was observed, or left behind by an earlier attempt:
 * a PUT without its etag is refused, and one over a living DPS would drop its links (contract 2.4 and 2.5).
 */
export function creator<R extends DeviceService>(
  { azure, environment }: Context,
  target: Target,
  apiVersion: string,
  kind: string
) {
  return async (body: CreateBody, { signal, progress }: Task<TrackedFacts<R>>): Promise<R> => {
    const now = await azure.arm.get<R>(target.id, apiVersion, {
      operation: `read ${kind}`,
      signal
    })
    if (now !== undefined && !isFailed(now)) {
      if (isOurs(environment, now)) return now
      throw new Error(
        `${kind} ${target.id} was made by somebody else while this run was at work. Run again: it will say whether the resource fits.`
      )
    }
    return azure.arm.put<R>(target.id, {
      apiVersion,
      operation: `create ${kind}`,
      body,
      once: true,
      ...(now?.etag !== undefined && { ifMatch: now.etag }),
      signal,
      progress
    })
  }
}

/**
 * Asks the subscription. A caller whose rights end at a group may not ask, and a provider that is not registered does not
 * answer (contract 5.1): then it is not known.
 */
export async function ifAnswered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof AzureError)) throw error
    if (error.status === 403 || error.code === 'MissingSubscriptionRegistration') return undefined
    throw error
  }
}

/** What both need to serve certificates: to live, and to be joined to the namespace by an identity that they have. */
export function joinedChecks(
  { namespace, identity }: Environment,
  resource: DeviceService,
  found: {
    readonly namespaceId: string | undefined
    readonly identityId: string | undefined
    readonly attached: readonly string[]
  }
): readonly Check[] {
  const again = 'An identity is only attached at creation: delete it and run `operation: apply`.'
  return [
    provisioned(resource),
    {
      what: `is joined to the namespace ${namespace.name}`,
      holds: sameId(found.namespaceId, namespace.id),
      found: found.namespaceId ? `it is joined to ${found.namespaceId}` : 'it is joined to none',
      remedy: again
    },
    {
      what: 'reaches the namespace by a user-assigned identity that it has',
      holds: found.attached.some((id) => sameId(id, found.identityId)),
      found: found.identityId
        ? `${found.identityId} is not attached to it`
        : 'it names no identity',
      remedy: `${again} The identity of this environment is ${identity.id}.`
    }
  ]
}
