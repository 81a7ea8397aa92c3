import { describe, expect, it } from '@jest/globals'
import { AzureError, type Refusal } from '../../../src/azure/errors/azureError.ts'
import { jittered, retryWhile } from '../../../src/azure/http/wait.ts'
import { realTime } from '../../../src/azure/time.ts'

/** Lets an act fail once with this refusal, and tells how long was waited. */
async function waited(refusal: Partial<Refusal>) {
  const slept: number[] = []
  let acts = 0
  const result = await retryWhile(
    async () => {
      if (++acts > 1) return 'done'
      throw new AzureError('create', 'hub', { status: 503, code: 'Busy', reason: '', ...refusal })
    },
    {
      attempts: 9,
      intervalMs: () => 15_000,
      when: () => true,
      notify: () => {},
      time: { now: () => 0, sleep: async (ms) => void slept.push(ms) },
      signal: new AbortController().signal
    }
  ).catch((error: Error) => error.message)
  return { result, slept }
}

describe('what may pass is tried again', () => {
  it('after its own interval, or after as long as Azure asks to wait', async () => {
    expect(await waited({})).toEqual({ result: 'done', slept: [15_000] })
    expect(await waited({ askedMs: 5_000 })).toEqual({ result: 'done', slept: [15_000] })
    expect(await waited({ askedMs: 300_000 })).toEqual({ result: 'done', slept: [300_000] })
  })

  it('soon after Azure asks for it, when only the bucket was empty', async () => {
    const { slept } = await waited({ status: 429, askedMs: 5_000 })
    expect(slept[0]).toBeGreaterThanOrEqual(6_000)
    expect(slept[0]).toBeLessThanOrEqual(8_000)
    expect(await waited({ status: 429 })).toEqual({ result: 'done', slept: [15_000] })
  })

  it('by nobody once the run is to end, which is not told as another attempt', async () => {
    const told: unknown[] = []
    const stop = new AbortController()
    const trying = retryWhile(
      async () => {
        stop.abort(new Error('cancelled'))
        throw new Error('cut off')
      },
      {
        attempts: 9,
        intervalMs: () => 15_000,
        when: () => true,
        notify: (error) => void told.push(error),
        time: realTime,
        signal: stop.signal
      }
    )
    await expect(trying).rejects.toThrow('cancelled')
    expect(told).toEqual([])
  })

  it('by nobody when Azure asks for longer than a run is good for', async () => {
    const { result, slept } = await waited({ askedMs: 3_600_000, wait: 'come back after 21:06' })
    expect(result).toContain('What to do: come back after 21:06.')
    expect(slept).toEqual([])
  })
})

describe('a wait around a mean', () => {
  it('is at most half of it away', () => {
    expect([0, 0.5, 1].map((random) => jittered(10_000, () => random))).toEqual([
      5_000, 10_000, 15_000
    ])
  })

  it('is another one each time', () => {
    expect(jittered(10_000)).not.toBe(jittered(10_000))
  })
})
