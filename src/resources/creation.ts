import { hasTexts } from '../azure/answer.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { isGrantPending } from '../azure/errors/grantPending.ts'
import { isFateUnknown, isPassing } from '../azure/http/retry.ts'
import { retryWhile } from '../azure/http/wait.ts'
import type { Task } from '../engine/step.ts'
import { BUDGETS } from './budgets.ts'
import type { Tools } from './context.ts'
import type { TrackedResource } from './model.ts'
import { isOurs } from './ownership.ts'
import { isFailed } from './state.ts'

export type CreateBody = Readonly<Record<string, unknown>> & {
  readonly location: string | undefined
}

/** What is told of a resource once Azure has begun to make it. */
interface Made<R> {
  readonly resource: R | undefined
}

type CreationTask<R> = Pick<Task<Made<R>>, 'begun' | 'shownEnds' | 'signal' | 'progress'>

/** One resource that is to be made. */
export interface Creation<R> {
  /** ARM id. */
  readonly id: string
  readonly kind: string
  readonly apiVersion: string
  readonly body: CreateBody
  /** How to send it when a plain PUT is not the way; called again while grants are pending. */
  readonly send?: ((body: CreateBody, signal: AbortSignal) => Promise<R>) | undefined
}

/**
 * Makes a resource, or meets it: made since it was observed, by an attempt whose answer was lost, or by somebody who was
 * faster. A PUT over what is there would take its tags, drop the links of a DPS, and be refused by a hub without its etag
 * (contract 2.4 and 2.5). Whoever calls waits for it afterwards, whoever began it.
 *
 * @returns Azure's answer; undefined when it was met
 */
export async function create<R extends TrackedResource>(
  { azure, claim }: Tools,
  { id, kind, apiVersion, body, send }: Creation<R>,
  { begun, shownEnds, signal, progress }: CreationTask<R>
): Promise<R | undefined> {
  const look = () => azure.arm.get<R>(id, apiVersion, { operation: `read ${kind}`, signal })
  const put = (etag: string | undefined) =>
    azure.arm.put<R>(id, {
      apiVersion,
      operation: `create ${kind}`,
      body,
      once: true,
      ...(etag !== undefined && { ifMatch: etag }),
      accepted: (body) => {
        if (hasTexts(body, ['id'])) begun({ resource: body as unknown as R })
      },
      signal,
      progress
    })
  const attempt = async () => {
    const now = await look()
    if (now !== undefined && !(isFailed(now) && isOurs(claim, now))) return undefined
    try {
      return await (send?.(body, signal) ?? put(now?.etag))
    } catch (error) {
      const unclear = isFateUnknown(error) || isCollision(error)
      if (!unclear || (await look()) === undefined) throw error
      return undefined
    }
  }
  const tried = () =>
    retryWhile(attempt, {
      ...BUDGETS.grantsInEffect,
      when: (error) => isGrantPending(error) || isPassing(error),
      notify: (error) =>
        progress(
          isGrantPending(error)
            ? 'the Device Registry grants of the identity to take effect'
            : 'Azure to answer again'
        ),
      time: azure.time,
      signal
    })
  try {
    return await tried()
  } catch (error) {
    if (!mayPass(error)) throw error
    const ends = shownEnds()
    if (ends === undefined) throw error
    progress(`Azure to end its work on what this stands on (it refused with ${error.code})`)
    await ends
    return tried()
  }
}

/**
 * What Azure may refuse to make on something that looks finished while it still works on that. No source tells whether it
 * does, and how: any refusal that is not for good, and not one of rights.
 */
function mayPass(error: unknown): error is AzureError {
  return (
    error instanceof AzureError &&
    [400, 404, 409, 412].includes(error.status) &&
    !error.fromOperation &&
    !error.lasting &&
    !isGrantPending(error)
  )
}

/** 409 or 412: another writer makes, or has just made, the same resource. */
function isCollision(error: unknown): boolean {
  return error instanceof AzureError && (error.status === 409 || error.status === 412)
}
