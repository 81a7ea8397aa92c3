import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { configSchema } from '../../scripts/schema.ts'
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

  it('every section of the README that a known refusal names is there', () => {
    const headings = [...file('README.md').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(' ', '-')
        .replace(/[^a-z0-9-]/g, '')
    )
    const text = ERROR_CATALOGUE.map(({ advice }) => advice).join('\n')
    const named = [...text.matchAll(/\bREADME\.md#([a-z-]+)/g)].map(([, section]) => section)
    expect(named).not.toEqual([])
    for (const section of named) expect(headings).toContain(section)
  })

  it('no known refusal hands out the right to grant roles without its condition', () => {
    for (const { advice } of ERROR_CATALOGUE)
      expect(advice).not.toMatch(/Role Based Access Control|User Access|`Owner`/)
  })
})
