import assert from 'node:assert/strict'
import type { ConfigPatch } from '../../emulator/config.ts'
import type { Emulator, Fault } from '../../emulator/index.ts'
import type { Exchange } from '../../emulator/record.ts'
import type { Trigger } from '../trigger.ts'
import type { Files } from './checkout.ts'
import type { JobResult, Seen } from './log.ts'

/** What a workflow left behind, for its check: what the runner saw and what Azure was asked. */
export interface Outcome extends Seen {
  readonly azure: Emulator
  /** What the workflow asked of Azure and GitHub. */
  readonly requests: readonly Exchange[]
  /** Ids of the resources of that type that are there now, as in `IotHubs`. */
  readonly ids: (type: string) => readonly string[]
}

/** One workflow, started by one event. */
export interface Run {
  readonly name: string
  /** Path below the repository's top. */
  readonly workflow: string
  readonly trigger: Trigger
  /** Variables of the repository besides the three ids, from what the first run of the story had as outputs. */
  readonly vars?: (first: Seen['outputs']) => Readonly<Record<string, string>>
  readonly files?: Files
  /** False where GitHub gives no token to sign in with; true when absent. */
  readonly idToken?: false
  /** What is different in Azure from this run on. */
  readonly azure?: ConfigPatch
  readonly faults?: readonly Fault[]
  /** Every job that has to run, with how each leg of it has to end; any other must not run. */
  readonly jobs: Readonly<Record<string, readonly JobResult[]>>
  /** @throws AssertionError when something else is not as it has to be */
  readonly check?: (outcome: Outcome) => void
}

/** Runs that follow each other in one Azure, which is empty at first. */
export type Story = readonly Run[]

/** Methods that read, and hosts that only hand out tokens. */
const READS = /^(GET|HEAD)$/
const READS_BY_POST = /\/(listkeys|check\w*NameAvailability|attestationmechanism|query)(\?|$)/i

/** @throws AssertionError when the workflow changed anything in Azure */
export function wroteNothing({ requests }: Outcome): void {
  const writes = requests.filter(
    ({ method, host, url }) => !READS.test(method) && /azure/.test(host) && !READS_BY_POST.test(url)
  )
  assert.deepEqual(
    writes.map(({ method, url }) => `${method} ${url}`),
    []
  )
}

/** @throws AssertionError when there is anything in Azure */
export function nothingIsLeft({ azure }: Outcome): void {
  assert.deepEqual([...azure.world.resources.keys()], [])
}
