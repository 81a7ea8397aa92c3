import { createHttpHeaders, type PipelineResponse } from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { AzureClock } from '../../../src/azure/http/azureClock.ts'

const NOON = Date.UTC(2026, 10, 25, 12)

function clockAt(ours: number) {
  const warnings: string[] = []
  let now = ours
  const clock = new AzureClock({ now: () => now }, (text) => void warnings.push(text))
  /** An answer that Azure dates at noon. */
  const hear = (sent: number, received = sent, id = true) => {
    now = received
    const headers = createHttpHeaders({
      date: new Date(NOON).toUTCString(),
      ...(id && { 'x-ms-request-id': 'r' })
    })
    clock.hear({ headers } as PipelineResponse, sent)
  }
  return { clock, warnings, hear }
}

describe("Azure's clock", () => {
  it('is not known before Azure has told it, and not by what stands between', () => {
    const { clock, hear } = clockAt(NOON)
    hear(NOON + 600_000, NOON + 600_000, false)
    expect(clock.now()).toBeUndefined()
  })

  it.each([
    ['ahead of', NOON + 180_000],
    ['behind', NOON - 180_000]
  ])('that differs is told once: ours is %s', (side, ours) => {
    const { clock, warnings, hear } = clockAt(ours)
    hear(ours)
    hear(ours)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`3 minutes ${side} Azure's, where it is 2026-11-25 12:00:00 UTC`)
    expect(clock.now()).toBe(NOON)
  })

  it('does not differ while an answer is on its way, however long', () => {
    const { clock, warnings, hear } = clockAt(NOON)
    hear(NOON - 1_000, NOON + 900_000)
    expect(warnings).toEqual([])
    expect(clock.now()).toBe(NOON + 900_000)
  })

  it('may differ by two minutes without a word', () => {
    const { warnings, hear } = clockAt(NOON)
    hear(NOON + 120_000)
    hear(NOON - 120_000)
    expect(warnings).toEqual([])
  })
})
