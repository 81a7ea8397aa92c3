import { beforeAll, describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { MODELS, type Model } from './models.ts'
import { apply, difference, endState, PATIENCE_MS, Pool, told } from './pool.ts'
import { sampleOf } from './sample.ts'

const pool = new Pool('instant')

const KINDS: Readonly<Record<string, Fault['effect']>> = {
  '429': { kind: 'answer', status: 429, headers: { 'retry-after': '5' } },
  '500': { kind: 'answer', status: 500 },
  '503': { kind: 'answer', status: 503, headers: { 'retry-after': '5' } },
  reset: { kind: 'reset', when: 'before' },
  'a lost answer': { kind: 'reset', when: 'after' },
  'a truncated answer': { kind: 'truncate' }
}

/** Those that leave most in doubt suffice for the model that shares all of its client with the first one. */
const KINDS_OF: Readonly<Record<Model, readonly string[]>> = {
  '2025-11-01-preview': Object.keys(KINDS),
  '2026-11-01': ['503', 'a lost answer']
}

/** Faults of each kind in a sample. */
const FEW = 2

/** FAULT=7,8 replays the faults of these requests alone. */
const only = process.env.FAULT?.split(',').map(Number)

describe.each(MODELS)('any single fault of a fresh apply, model %s', (model) => {
  const inputs = { 'service-version': model }
  let requests = 0
  let state = ''

  beforeAll(async () => {
    await pool.map([0], async (azure) => {
      const run = await apply(azure, inputs)
      expect(told(run)).not.toContain('::error')
      requests = azure.requests.length
      state = endState(azure)
    })
  })

  it.each(Object.entries(KINDS).filter(([name]) => KINDS_OF[model].includes(name)))(
    '%s: every run succeeds, and ends like one without',
    async (name, effect) => {
      const numbers = Array.from({ length: requests }, (_, index) => index + 1)
      expect(numbers.length).toBeGreaterThan(50)
      const met = only ?? sampleOf(numbers, FEW)
      const failures = await pool.map(met, async (azure, nth) => {
        azure.setFaults([{ nth, effect }])
        const run = await apply(azure, inputs)
        const refused = azure.requests[nth - 1]
        const where = `request ${nth}, ${refused?.method} ${refused?.url}`
        if (run.exitCode !== 0) return `${where}: ${told(run)}`
        const other = difference(endState(azure), state)
        return other && `${where}: ${other}`
      })
      console.log(`${model}: ${met.length} runs, one for each request that met ${name}`)
      expect(failures.filter(Boolean)).toEqual([])
    },
    PATIENCE_MS
  )
})
