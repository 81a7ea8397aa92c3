import type { Fault } from '../../emulator/faults.ts'
import type { Resource as Stored } from '../../emulator/kernel.ts'
import type { Outcome, Scenario } from './scenario.ts'

/** A request that is held on its way, and what somebody else does before Azure looks at it. */
export interface Moment {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Regular expression on the address, case ignored. */
  readonly path: string
  readonly nth?: number
  readonly act: () => void
}

/** Emulated: the emulator shares this process, so whatever is awaited for less comes first, however slow the machine. */
const HELD_MS = 30_000

/** Carries out a run while somebody else is at work. @param faults what goes wrong besides */
export async function meanwhile(
  scenario: Scenario,
  begin: () => Promise<Outcome>,
  { method, path, nth = 1, act }: Moment,
  faults: readonly Fault[] = []
): Promise<Outcome> {
  const hold: Fault = { method, path, nth, effect: { kind: 'delay', ms: HELD_MS } }
  scenario.azure.setFaults([hold, ...faults])
  const from = scenario.azure.requests.length
  const pattern = new RegExp(path, 'i')
  let ended = false
  const run = begin().finally(() => {
    ended = true
  })
  const sent = () =>
    scenario.azure.requests
      .slice(from)
      .filter((request) => request.method === method && pattern.test(request.url)).length
  while (!ended && sent() < nth) await new Promise((resolve) => setTimeout(resolve, 5))
  if (ended) {
    throw new Error(`the run ended before it sent ${method} ${path} ${nth} times`)
  }
  act()
  const outcome = await run
  scenario.azure.setFaults([])
  return outcome
}

/** Somebody makes a storage account in the group of these tests. */
export function addAccount(scenario: Scenario, name = 'mine'): Stored {
  const id = `${scenario.only('resourceGroups').id}/providers/Microsoft.Storage/storageAccounts/${name}`
  const type = 'Microsoft.Storage/storageAccounts'
  const account = { id, body: { id, name, type, tags: {} }, secret: {} }
  scenario.azure.world.resources.set(id.toLowerCase(), account)
  return account
}

/** What is left of an environment, by type. */
export function left(scenario: Scenario): readonly string[] {
  return [...scenario.azure.world.resources.keys()]
    .map((id) => id.split('/').at(-2) ?? '')
    .sort((a, b) => a.localeCompare(b))
}

export const DESTROY = { operation: 'destroy', confirm: 'test', location: '' }
