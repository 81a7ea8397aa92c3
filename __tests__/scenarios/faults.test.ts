import { describe, expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { apply, difference, endState, Pool, told } from './pool.ts'

const pool = new Pool('instant')

const KINDS: Readonly<Record<string, Fault['effect']>> = {
  '429': { kind: 'answer', status: 429, headers: { 'retry-after': '5' } },
  '500': { kind: 'answer', status: 500 },
  '503': { kind: 'answer', status: 503, headers: { 'retry-after': '5' } },
  reset: { kind: 'reset', when: 'before' },
  'a lost answer': { kind: 'reset', when: 'after' },
  'a truncated answer': { kind: 'truncate' }
}

describe('any single fault of a fresh apply', () => {
  it.each(Object.entries(KINDS))(
    '%s: every run succeeds, and ends like one without',
    async (name, effect) => {
      const [reference] = await pool.map([0], async (azure) => {
        const run = await apply(azure)
        expect(told(run)).not.toContain('::error')
        return { requests: azure.requests.length, state: endState(azure) }
      })
      const numbers = Array.from({ length: reference?.requests ?? 0 }, (_, index) => index + 1)
      expect(numbers.length).toBeGreaterThan(50)
      const failures = await pool.map(numbers, async (azure, nth) => {
        azure.setFaults([{ nth, effect }])
        const run = await apply(azure)
        const met = azure.requests[nth - 1]
        const where = `request ${nth}, ${met?.method} ${met?.url}`
        if (run.exitCode !== 0) return `${where}: ${told(run)}`
        const other = difference(endState(azure), reference?.state)
        return other && `${where}: ${other}`
      })
      console.log(`${numbers.length} runs, one for each request that met ${name}`)
      expect(failures.filter(Boolean)).toEqual([])
    },
    300_000
  )
})
