import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { ArmError } from './armError.ts'
import { errorReply, inProgress } from './errors.ts'
import type { Doom } from './faults.ts'
import {
  type Addresses,
  devicesAddress,
  followAction,
  mayFollow,
  principalsOf
} from './following.ts'
import { key, within } from './ids.ts'
import type { Begin, Call, Clock, Kernel, Operations, Reply, World } from './kernel.ts'
import { denied, type Rbac } from './rbac.ts'
import { giveUp } from './world.ts'

interface Operation {
  readonly id: string
  readonly addresses: Addresses
  /** Who might follow it when it began: what RBAC loses counts on for minutes, also when it went with a deleted group [INF]. */
  readonly followers: Readonly<Record<keyof Addresses, ReadonlySet<string>>>
  readonly begin: Begin
  readonly started: number
  /** When it takes effect. */
  readonly takesEffect: number
  readonly due: number
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled'
  readonly doom: Doom | undefined
  error: ArmError | undefined
  ended: number | undefined
  readonly done: Promise<void>
}

interface Parts {
  readonly world: World
  readonly clock: Clock
  readonly random: Kernel['random']
  readonly latency: Kernel['latency']
  readonly retryAfter: () => number
  readonly subscriptionId: string
  readonly rbac: Rbac
  readonly config: Kernel['config']
}

export interface OperationStore extends Operations {
  /** Answers the poll of a status or result URL by the id in it. */
  poll(id: string, kind: 'status' | 'result', call: Call): Promise<Reply>
  /** Whatever operation begins within `act` ends as told. */
  doomed<R>(doom: Doom | undefined, act: () => R): R
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>
  clear(): void
}

/** Where a service puts its status URLs (contract 2.3; 9.2 for DPS, [REC] for the signed query). */
function paths(begin: Begin, id: string, parts: Parts): Addresses {
  const root = `/subscriptions/${parts.subscriptionId}`
  const { provider, apiVersion, location, resourceId, statuses = 'operationStatuses' } = begin
  const version = `api-version=${apiVersion}`
  if (provider === 'Microsoft.Resources') {
    const url = `${root}/operationresults/${id}?${version}`
    return { status: url, result: url }
  }
  const region = location.replaceAll(' ', '').toLowerCase()
  const at = `${root}/providers/${provider}/locations/${region}`
  if (provider === 'Microsoft.DeviceRegistry') {
    return {
      status: `${at}/${statuses}/${id}?${version}`,
      result: `${at}/operationResults/${id}?${version}`
    }
  }
  const signature = createHash('sha256').update(id).digest('base64url')
  const signed = `${version}&operationSource=other&asyncinfo&t=${Math.trunc(parts.clock.now())}&c=emulated&s=${signature}&h=${signature.slice(0, 16)}`
  const { devicesOperations } = parts.config()
  const url = `${devicesAddress(devicesOperations, root, region, resourceId)}/${id}`
  return { status: `${url}?${signed}`, result: `${url}?${signed}&location` }
}

/** Long-running operations: one at a time on each resource. */
export function createOperations(parts: Parts): OperationStore {
  const operations = new Map<string, Operation>()
  const doom = new AsyncLocalStorage<Doom | undefined>()
  const { clock } = parts

  const running = (resourceId: string): Operation | undefined =>
    [...operations.values()].find(
      (op) => op.status === 'InProgress' && key(op.begin.resourceId) === key(resourceId)
    )

  const followed = (address: string): string => address.split('?')[0] ?? ''
  const may = (principalId: string, address: string, resourceId: string): boolean =>
    mayFollow(parts.rbac, parts.config(), principalId, followed(address), resourceId)
  const followersOf = (address: string, resourceId: string): ReadonlySet<string> =>
    new Set([...principalsOf(parts.world)].filter((one) => may(one, address, resourceId)))

  const pace = (): Record<string, string> => ({ 'retry-after': String(parts.retryAfter()) })

  function requireFollower(op: Operation, kind: keyof Addresses, { caller }: Call): void {
    const address = op.addresses[kind]
    const action = followAction(followed(address))
    const who = key(caller?.objectId ?? '')
    parts.rbac.asked.add(key(action))
    if (op.followers[kind].has(who) || may(who, address, op.begin.resourceId)) return
    throw denied(caller, action, followed(address))
  }

  async function carryOut(op: Operation): Promise<void> {
    await clock.sleep(op.takesEffect - op.started)
    const { doom } = op
    if (!operations.has(op.id) || (doom?.end === 'never' && !doom.late)) return
    try {
      if (doom !== undefined && !doom.late) throw doomed(doom)
      await op.begin.effect()
      if (doom?.end === 'never') return
      if (op.due > clock.now()) await clock.sleep(op.due - clock.now())
      if (doom !== undefined) throw doomed(doom)
      op.status = 'Succeeded'
    } catch (error) {
      op.error =
        error instanceof ArmError ? error : new ArmError(500, 'InternalServerError', String(error))
      op.status = doom?.end === 'Canceled' ? 'Canceled' : 'Failed'
      giveUp(parts.world, op.begin.resourceId, op.status)
    }
    op.ended = clock.now()
  }

  return {
    begin(begin) {
      if (running(begin.resourceId)) {
        throw inProgress(begin.resourceId, { flat: begin.provider === 'Microsoft.Devices' })
      }
      const started = clock.now()
      const takesEffect = started + parts.latency(begin.latency)
      const { promise, resolve } = Promise.withResolvers<void>()
      const id = parts.random.guid()
      const addresses = paths(begin, id, parts)
      const { status, result } = addresses
      const op: Operation = {
        id,
        addresses,
        followers: {
          status: followersOf(status, begin.resourceId),
          result: followersOf(result, begin.resourceId)
        },
        begin,
        started,
        takesEffect,
        due: takesEffect + parts.latency('operationEnd'),
        status: 'InProgress',
        doom: doom.getStore(),
        error: undefined,
        ended: undefined,
        done: promise
      }
      operations.set(op.id, op)
      carryOut(op).then(resolve, resolve)
      // The front puts the host that was called in its place.
      const base = 'https://management.azure.com'
      return {
        ...(begin.style !== 'location' && { 'azure-asyncoperation': base + status }),
        ...(begin.style !== 'async' && { location: base + result }),
        ...pace()
      }
    },

    doomed: (one, act) => doom.run(one, act),

    busy: (resourceId) => running(resourceId) !== undefined,

    async due(resourceId) {
      const isDue = (op: Operation) =>
        op.status === 'InProgress' &&
        op.due <= clock.now() &&
        op.doom?.end !== 'never' &&
        within(op.begin.resourceId, resourceId)
      // One may begin the next.
      for (;;) {
        const found = [...operations.values()].filter(isDue)
        if (found.length === 0) return
        await Promise.all(found.map((op) => op.done))
      }
    },

    async poll(id, kind, call) {
      const op = operations.get(id)
      if (!op) {
        throw new ArmError(404, 'NotFound', `The operation '${id}' could not be found.`)
      }
      requireFollower(op, kind, call)
      // What is due is done, however late the timer: the profile `instant` needs just one poll.
      if (op.status === 'InProgress' && clock.now() >= op.due) await op.done
      const iso = (ms: number): string => new Date(ms).toISOString()
      if (kind === 'status') {
        return {
          status: 200,
          ...(op.status === 'InProgress' && { headers: pace() }),
          body: {
            id: call.url.pathname,
            name: op.id,
            // Microsoft.Devices says Running (9.2).
            status:
              op.status === 'InProgress' && op.begin.provider === 'Microsoft.Devices'
                ? 'Running'
                : op.status,
            startTime: iso(op.started),
            ...(op.ended && { endTime: iso(op.ended) }),
            ...(op.error &&
              !op.doom?.silent && { error: { code: op.error.code, message: op.error.message } })
          }
        }
      }
      if (op.status === 'InProgress') {
        return { status: 202, headers: { location: call.url.href, ...pace() } }
      }
      if (op.error) return errorReply(op.error)
      const result = op.begin.result?.()
      return result === undefined ? { status: 204 } : { status: 200, body: result }
    },

    async idle() {
      await Promise.all([...operations.values()].map((op) => op.done))
    },

    clear: () => operations.clear()
  }
}

function doomed({ end, error }: Doom): ArmError {
  if (end === 'Canceled')
    return new ArmError(409, 'OperationCanceled', 'The operation was canceled.')
  const { code = 'InternalServerError', message = 'The operation failed.' } = error ?? {}
  return new ArmError(500, code, message)
}
