import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../scripts/schema.ts'
import { SYMPTOMS } from '../../scripts/troubleshooting/symptoms.ts'
import { troubleshooting } from '../../scripts/troubleshooting.ts'
import { anchorOf, ERROR_CATALOGUE } from '../../src/azure/errors/errorCatalogue.ts'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

describe('what is made from the code', () => {
  it('schemas/config.schema.json is what the code reads', () => {
    expect(file('schemas/config.schema.json')).toBe(configSchema())
  })

  it('docs/troubleshooting.md has every known refusal, under the anchor that messages name', () => {
    const text = file('docs/troubleshooting.md')
    expect(text).toBe(troubleshooting())
    for (const { code } of ERROR_CATALOGUE) {
      expect(text).toContain(`\n### ${code}\n`)
      expect(anchorOf(code)).toMatch(/^[a-z0-9-]+$/)
    }
  })

  it('docs/troubleshooting.md lists every code under the one symptom that leads to it', () => {
    const listed = SYMPTOMS.flatMap(({ codes }) => codes)
    expect(listed).toHaveLength(new Set(listed).size)
    expect(new Set(listed)).toEqual(new Set(ERROR_CATALOGUE.map(({ code }) => code)))
  })

  it('no known refusal hands out the right to grant roles without its condition', () => {
    for (const { advice } of ERROR_CATALOGUE)
      expect(advice).not.toMatch(/Role Based Access Control|User Access|`Owner`/)
  })
})
