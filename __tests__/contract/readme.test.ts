import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { renderedReadme } from '../../scripts/readme.ts'
import { OUTPUTS } from '../../src/report/outputs.ts'
import { PHASES } from '../../src/settings/settings.ts'
import * as roles from '../../src/steps/roles.ts'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const readme = file('README.md')
const action = parse(file('action.yml')) as Record<'inputs' | 'outputs', Record<string, unknown>>
const manifest = JSON.parse(file('package.json')) as {
  dependencies: Record<string, string>
  scripts: Record<string, string>
}

describe('README', () => {
  it('has the tables of action.yml', () => {
    expect(readme).toBe(renderedReadme())
  })

  it('names every phase in order', () => {
    const [, section = ''] = /## What it builds\n([\s\S]*?)\n## /.exec(readme) ?? []
    expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(PHASES)
  })

  it('only names inputs and outputs that exist in its workflows', () => {
    for (const [, block = ''] of readme.matchAll(/```yaml\n([\s\S]*?)```/g)) {
      const names = [...block.matchAll(/^ {10}([a-z-]+):/gm)].map(([, name]) => name)
      for (const name of names) expect(Object.keys(action.inputs)).toContain(name)
      const used = [...block.matchAll(/outputs\.([a-z-]+)/g)].map(([, name]) => name)
      for (const name of used) expect(Object.keys(action.outputs)).toContain(name)
    }
  })

  it('has the roles that the action grants in the condition and in the docs, and no other', () => {
    const [, list = ''] = /^ROLES="([^"]*)"$/m.exec(readme) ?? []
    const allowed = list.split(',').map((id) => id.replace('\\', '').trim())
    const granted = Object.values(roles).filter((role) => typeof role !== 'function')
    const rows = [...file('docs/security.md').matchAll(/^\| ([^|]+) \| `([0-9a-f-]{36})` \|/gm)]
    const documented = new Map(rows.map(([, name, id]) => [id, name]))
    expect(granted).not.toEqual([])
    expect(new Set(allowed)).toEqual(new Set(granted.map(({ id }) => id)))
    expect([...documented.keys()]).toEqual(allowed)
    for (const { id, name } of granted) expect(documented.get(id)).toBe(name)
  })

  it('gives the right to grant roles under the condition, wherever it gives it', () => {
    const given = readme
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /^az role assignment create .*(Access Control|Provision Azure)/.test(line))
    expect(given).toHaveLength(2)
    for (const line of given)
      expect(line).toContain('--condition "$CONDITION" --condition-version 2.0')
  })

  it('gives a reason for every dependency', () => {
    for (const name of Object.keys(manifest.dependencies)) expect(readme).toContain(name)
  })

  it('only names scripts that exist', () => {
    for (const [, name] of readme.matchAll(/npm run ([a-z:]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(name)
    }
  })
})

describe('outputs', () => {
  it('are declared in action.yml as the code emits them', () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS)
  })
})
