import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { outputsOf } from '../../../src/report/outputs.ts'
import { Secrets } from '../../../src/report/secrets.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { told } from '../../../src/report/told.ts'
import { asCode, brief, forLog, forMarkdown, forMermaid } from '../../../src/text/sanitize.ts'
import { report, result } from './sample.ts'

const HUGE = 'x'.repeat(2_000_000)

describe('text from outside', () => {
  it.each(Object.entries({ forLog, forMarkdown, asCode, forMermaid }))(
    '%s: is cut, and says so',
    (_name, sanitize) => {
      expect(sanitize(HUGE).length).toBeLessThan(4_100)
      expect(sanitize(HUGE)).toMatch(/2000000 characters/)
    }
  )

  it('is cut before the word that does not fit, and only then', () => {
    expect(brief('whole', 5)).toBe('whole')
    expect(brief(`${'a '.repeat(30)}secret-of-many-letters`, 66)).toBe(
      `${'a '.repeat(30)}… (82 characters)`
    )
  })

  it('is cut after the lines that somebody reads, and so is a text of many texts', () => {
    expect(brief('line\n'.repeat(39))).toBe('line\n'.repeat(39))
    expect(brief('line\n'.repeat(99)).split('\n')).toHaveLength(40)
    expect(forLog('line\n'.repeat(99)).split('\n')).toHaveLength(100)
    for (const line of ['', 'line', 'x'.repeat(3_000)]) {
      const text = forLog(`${line}\n`.repeat(50_000))
      expect(text.split('\n').length).toBeLessThanOrEqual(1_000)
      expect(text.length).toBeLessThan(101_000)
    }
  })

  it.each(Object.entries({ forLog, forMarkdown, asCode, forMermaid }))(
    '%s: has one direction of writing',
    (_name, sanitize) => {
      const turning = [
        0x61c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067
      ]
      for (const code of [...turning, 0x2068, 0x2069]) {
        expect(sanitize(`user${String.fromCodePoint(code)}name`)).not.toContain(
          String.fromCodePoint(code)
        )
      }
    }
  )

  it('has no link and no mention in Markdown but in code, which has none', () => {
    const piece = fc.constantFrom(
      ...['https://evil.example/a?b=c', 'www.evil.example', 'HTTP://x', 'ftp://y', 'a@b.example'],
      ...['@octocat', 'octo/repo#17', '`', '|', ' ', '\n', '\\', '*', '[', '](', ')', '<', 'word']
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const alive = forMarkdown(pieces.join('')).replace(/`[^`]*`/g, '')
        expect(alive).not.toMatch(/:\/\/|www\.|@|#\d+(?!\d*;)|[`|[\]<>\\*]/i)
      }),
      { numRuns: 2_000 }
    )
    expect(forMarkdown('see https://a.example/x, then')).toBe('see `https://a.example/x`, then')
  })
})

describe('secrets', () => {
  const masked: string[] = []
  const secrets = new Secrets((secret) => void masked.push(secret))
  const KEY = 'k3y+with/"signs"=='
  for (const secret of ['', 'abc', 'abcd', KEY, `sig=${KEY}&more`]) secrets.add(secret)

  it('are masked unless the log would be blanked', () => {
    expect(masked).toEqual(['abcd', KEY, `sig=${KEY}&more`])
  })

  it('are redacted in each of their forms, and short ones left', () => {
    for (const form of [KEY, JSON.stringify(KEY).slice(1, -1), encodeURIComponent(KEY)])
      expect(secrets.redact(`a ${form} b abcd`)).toBe('a *** b abcd')
    expect(secrets.redact(`sig=${KEY}&more`)).toBe('***')
  })

  it('go out of everything that is told, and ids stay', () => {
    const error = new Error(`no ${KEY}`)
    const one = result('/subscriptions/x/hub')
    const before = report({
      ids: { 'hub-id': KEY },
      warnings: [`warned of ${KEY}`],
      error,
      results: [
        { ...one, error },
        { ...one, stays: KEY }
      ],
      swept: [{ environment: 'e', outcome: 'failed', reason: KEY, error: KEY }],
      plan: {
        items: [
          {
            step: one.step,
            verdict: {
              action: 'change',
              changes: [{ property: 'tags.a', before: { deep: [KEY] }, after: HUGE }]
            }
          }
        ],
        unmanaged: []
      }
    })
    const after = told(before, (text) => secrets.redact(text))
    const { plan = '', result: json = '', ...flat } = outputsOf(after)
    expect(flat['hub-id']).toBe(KEY)
    const escaped = JSON.stringify(KEY).slice(1, -1)
    // The ids of the outputs are told as they are.
    for (const text of [plan, json]) {
      expect(text.replace(`"hub-id":"${escaped}"`, '')).not.toContain(escaped)
      expect(text.length).toBeLessThan(10_000)
      JSON.parse(text)
    }
    const summary = summaryMarkdown(after)
    expect(summary).not.toContain('k3y+with')
    expect(summary).toContain('no &#42;&#42;&#42;')
    expect(after.duration).toBe(before.duration)
  })
})
