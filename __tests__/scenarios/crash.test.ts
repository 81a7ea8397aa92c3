import { describe, expect, it } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { apply, endState, Pool, some, told } from './pool.ts'

const pool = new Pool('fast')

/** Every request of a run, and whether the process dies before or after it took effect. */
function moments(requests: number) {
  return Array.from({ length: requests }, (_, index) => index + 1).flatMap((nth) =>
    (['before', 'after'] as const).map((when) => ({ nth, when }))
  )
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
async function recover(
  inputs: Readonly<Record<string, string>>,
  prepare: (azure: Emulator) => void
): Promise<readonly string[]> {
  const [reference] = await pool.map([0], async (azure) => {
    prepare(azure)
    const before = azure.requests.length
    expect(told(await apply(azure, inputs))).not.toContain('::error')
    return { requests: azure.requests.length - before, state: JSON.stringify(endState(azure)) }
  })
  const all = moments(reference?.requests ?? 0)
  expect(all.length).toBeGreaterThan(60)
  const cases = some(all)
  let unfinished = 0
  const wrong = await pool.map(cases, async (azure, moment) => {
    prepare(azure)
    await die(azure, moment, inputs)
    if (JSON.stringify(endState(azure)) !== reference?.state) unfinished++
    const where = `killed ${moment.when} request ${moment.nth}, ${azure.requests.at(-1)?.method} ${azure.requests.at(-1)?.url}`
    const run = await apply(azure, inputs)
    if (run.exitCode !== 0) return `${where}: ${told(run)}`
    const state = JSON.stringify(endState(azure))
    return state === reference?.state ? undefined : `${where}: another end state`
  })
  console.log(
    `${cases.length} of ${all.length} crashes, ${wrong.filter(Boolean).length} not recovered from`
  )
  // The comparison can tell: most crashes leave something undone.
  expect(unfinished).toBeGreaterThan(cases.length / 2)
  return wrong.filter((one) => one !== undefined)
}

describe('a crash at every request', () => {
  it('of a fresh apply: the next apply ends where an undisturbed one does', async () => {
    expect(await recover({}, () => {})).toEqual([])
  }, 300_000)

  it('of a destroy: the next destroy leaves nothing', async () => {
    const inputs = { certificates: 'false' }
    let saved: Emulator['world'] | undefined
    await pool.map([0], async (azure) => {
      expect(told(await apply(azure, inputs))).not.toContain('::error')
      saved = structuredClone({ ...azure.world })
    })
    const restore = ({ world }: Emulator) => {
      const maps = Object.entries(structuredClone(saved) ?? {}) as [
        keyof typeof world,
        Map<string, never>
      ][]
      for (const [name, map] of maps) for (const [id, one] of map) world[name].set(id, one)
    }
    const destroy = { operation: 'destroy', confirm: 'test', location: '' }
    expect(await recover(destroy, restore)).toEqual([])
  }, 300_000)
})
