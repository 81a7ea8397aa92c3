import { expect } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import type { Exchange } from '../../emulator/record.ts'
import { apply, difference, endState, type Pool, told } from './pool.ts'
import { IS_EXHAUSTIVE, sampleOf } from './sample.ts'

/** Crashes of each kind of run in a sample. */
const FEW = 2

/** CRASH=7,8 replays the crashes at these requests alone. */
const only = process.env.CRASH?.split(',').map(Number)

/**
 * Requests of a run at which its process dies, before or after each took effect. Of those that only ask the same again
 * while nothing is written, as while Azure is at work on something, the first and the last.
 */
function moments(requests: readonly Exchange[]) {
  const asked = new Map<string, number[]>()
  let writes = 0
  for (const [index, { method, url }] of requests.entries()) {
    if (method !== 'GET') writes++
    const key = method === 'GET' ? `${writes} ${url}` : `${index}`
    asked.set(key, [...(asked.get(key) ?? []), index + 1])
  }
  const met = new Set([...asked.values()].flatMap((same) => [same[0], same.at(-1)]))
  return [...met]
    .filter((nth) => nth !== undefined)
    .toSorted((a, b) => a - b)
    .flatMap((nth) => {
      // Who only reads leaves the same behind, whether it was answered or not.
      const reads = requests[nth - 1]?.method === 'GET'
      return (reads ? (['after'] as const) : (['before', 'after'] as const)).map((when) => ({
        nth,
        when
      }))
    })
}

/** Runs, and kills the process at that moment. Operations that Azure has begun go on. */
async function die(
  azure: Emulator,
  { nth, when }: { readonly nth: number; readonly when: 'before' | 'after' },
  inputs: Readonly<Record<string, string>>
): Promise<void> {
  azure.setFaults([{ nth, effect: { kind: 'hang', when } }])
  await apply(azure, inputs, { interrupt: azure.held().then(() => 'SIGKILL' as const) })
  azure.setFaults([])
}

/** Runs again after each crash. @returns what went wrong, by moment */
export async function recover(
  pool: Pool,
  inputs: Readonly<Record<string, string>>,
  prepare: (azure: Emulator) => void
): Promise<readonly string[]> {
  const [reference] = await pool.map([0], async (azure) => {
    prepare(azure)
    const before = azure.requests.length
    expect(told(await apply(azure, inputs))).not.toContain('::error')
    return { requests: azure.requests.slice(before), state: endState(azure) }
  })
  const all = moments(reference?.requests ?? [])
  expect(all.length).toBeGreaterThan(60)
  const cases = only ? all.filter(({ nth }) => only.includes(nth)) : sampleOf(all, FEW)
  let unfinished = 0
  const wrong = await pool.map(cases, async (azure, moment) => {
    prepare(azure)
    await die(azure, moment, inputs)
    if (endState(azure) !== reference?.state) unfinished++
    const where = `killed ${moment.when} request ${moment.nth}, ${azure.requests.at(-1)?.method} ${azure.requests.at(-1)?.url}`
    const run = await apply(azure, inputs)
    if (run.exitCode !== 0) return `${where}: ${told(run)}`
    const other = difference(endState(azure), reference?.state)
    return other && `${where}: ${other}`
  })
  console.log(
    `${inputs['service-version']}: ${cases.length} crashes, at ${new Set(cases.map(({ nth }) => nth)).size} of ${reference?.requests.length} requests: ${wrong.filter(Boolean).length} not recovered from`
  )
  // The comparison can tell: most crashes leave something undone.
  if (IS_EXHAUSTIVE && !only) expect(unfinished).toBeGreaterThan(cases.length / 2)
  return wrong.filter((one) => one !== undefined)
}
