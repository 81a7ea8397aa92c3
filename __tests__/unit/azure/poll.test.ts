import { describe, expect, it } from '@jest/globals'
import { poll } from '../../../src/azure/http/wait.ts'

/** Looks at a number that grows with each look. */
async function looked(until: number, looks?: number) {
  const slept: number[] = []
  const told: string[] = []
  let found = 0
  const last = await poll({
    look: async () => ++found,
    missing: (number) => (number < until ? `number ${until}` : undefined),
    everyMs: 5_000,
    ...(looks !== undefined && { looks }),
    progress: (waitingFor) => told.push(waitingFor),
    time: { now: () => 0, sleep: async (ms) => void slept.push(ms) },
    signal: new AbortController().signal
  })
  return { last, slept, told }
}

describe('what comes about by itself', () => {
  it('is looked at until it is there, and not waited for when it is', async () => {
    expect(await looked(1)).toEqual({ last: 1, slept: [], told: [] })
    expect(await looked(3)).toEqual({
      last: 3,
      slept: [5_000, 5_000],
      told: ['number 3', 'number 3']
    })
  })

  it('is given up after so many looks, without a wait behind the last', async () => {
    expect(await looked(9, 2)).toEqual({ last: 2, slept: [5_000], told: ['number 9'] })
  })
})
