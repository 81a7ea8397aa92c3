import { AzureError } from '../azure/errors.ts'
import type { Step, Task, Verdict } from '../engine/step.ts'
import type { Environment, Target } from '../settings/settings.ts'
import type { Context } from './context.ts'
import { cannot, isOurs, type Tracked } from './ownership.ts'
import { type CreateBody, isFailed, type TrackedFacts } from './tracked.ts'

/** What hub and DPS, the two resources of Microsoft.Devices, have in common. */
export interface DeviceService extends Tracked {
  readonly etag?: string
}

/** States of both that end a creation well (contract 8.2 and 9.2). */
export function notActive({ properties }: DeviceService): string | undefined {
  return properties?.state === 'Active'
    ? undefined
    : `is in state ${properties?.state ?? 'unknown'}`
}

/**
 * A creation that is still going on is waited for; one that failed is finished when it was ours and never came to life.
 * That a service which was never active has no host name is inferred.
 */
export function condition(
  environment: Environment,
  kind: string,
  resource: DeviceService,
  hostName: string | undefined
): Verdict | undefined {
  if (notActive(resource) === undefined) return undefined
  if (!isFailed(resource)) return { action: 'act', reason: 'wait until Azure has it ready' }
  if (isOurs(environment, resource) && !hostName) {
    return { action: 'act', reason: 'finish its creation, which failed' }
  }
  return cannot({
    what: `${kind} ${resource.id} ${notActive(resource)}`,
    advice: `Look at its activity log in the portal. If nothing in it is needed, delete it with \`az resource delete --ids ${resource.id}\` and run again.`
  })
}

/**
 * Creates by PUT. Repeating it means that an earlier attempt may have left something behind, and replacing that takes
 * its etag (contract 2.4 and 2.5).
 */
export function creator<R extends DeviceService>(
  { azure }: Context,
  target: Target,
  apiVersion: string,
  kind: string
) {
  return async (body: CreateBody, task: Task<TrackedFacts<R>>, attempt: number): Promise<R> => {
    const { facts, signal, progress } = task
    const left =
      attempt > 1 || isFailed(facts.resource)
        ? await azure.arm.get<R>(target.id, apiVersion, { operation: `read ${kind}`, signal })
        : undefined
    return azure.arm.put<R>(target.id, {
      apiVersion,
      operation: `create ${kind}`,
      body,
      ...(left?.etag !== undefined && { ifMatch: left.etag }),
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

/** The step of a resource whose facts name the resource. */
export type ServiceStep<R extends DeviceService> = Step<TrackedFacts<R>>
