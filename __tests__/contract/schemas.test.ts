import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../scripts/schema.ts'
import { troubleshooting } from '../../scripts/troubleshooting.ts'
import { anchorOf, KNOWN } from '../../src/azure/errors/known.ts'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('what is made from the code', () => {
  it('schemas/config.schema.json is what the code reads', () => {
    expect(file('schemas/config.schema.json')).toBe(configSchema())
  })

  it('docs/troubleshooting.md has every known refusal, under the anchor that messages name', () => {
    const text = file('docs/troubleshooting.md')
    expect(text).toBe(troubleshooting())
    for (const { code } of KNOWN) {
      expect(text).toContain(`\n### ${code}\n`)
      expect(anchorOf(code)).toMatch(/^[a-z0-9-]+$/)
    }
  })
})
