import { hasTexts } from '../azure/answer.ts'
import { AzureError } from '../azure/errors/azureError.ts'
import { isGrantPending } from '../azure/errors/grantPending.ts'
import { isFateUnknown, isPassing } from '../azure/http/retry.ts'
import { retryWhile } from '../azure/http/wait.ts'
import { GivenUp, type Task } from '../engine/step.ts'
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

type CreationTask<R> = Pick<Task<Made<R>>, 'begun' | 'shownEnd' | 'signal' | 'progress'>

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
  { begun, shownEnd, signal, progress }: CreationTask<R>
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
  if (shownEnd !== undefined) {
    try {
      return await attempt()
    } catch (error) {
      if (!isForNow(error)) throw error
      const { code = '', refusal } = error instanceof AzureError ? error : {}
      progress(`Azure to finish what it needs${code && `, before which it said ${code}`}`)
      const asked = azure.time.sleep(refusal?.askedMs ?? 0, signal)
      await Promise.all([shownEnd, asked]).catch((failure) => {
        // Whether it was made is not known, which is more than that it was not started.
        throw failure instanceof GivenUp && isFateUnknown(error) ? error : failure
      })
    }
  }
  return retryWhile(attempt, {
    ...BUDGETS.grantsInEffect,
    when: passes,
    notify: (error) =>
      progress(
        isGrantPending(error)
          ? 'the Device Registry grants of the identity to take effect'
          : 'Azure to answer again'
      ),
    time: azure.time,
    signal
  })
}

/** What may be tried again whenever it happens. */
function passes(error: unknown): boolean {
  return isGrantPending(error) || isPassing(error)
}

/**
 * What may pass once the needs of a thing are done that only look finished. No source tells whether and how Azure refuses to
 * make it before: it may be any of these statuses.
 */
function isForNow(error: unknown): boolean {
  if (!(error instanceof AzureError)) return passes(error)
  const { fromOperation, lasting, refusal, status } = error
  if (refusal.wait !== undefined) return false
  return passes(error) || (!fromOperation && !lasting && [400, 404, 409, 412].includes(status))
}

/** 409 or 412: another writer makes, or has just made, the same resource. */
function isCollision(error: unknown): boolean {
  return (
    error instanceof AzureError &&
    !error.fromOperation &&
    (error.status === 409 || error.status === 412)
  )
}
