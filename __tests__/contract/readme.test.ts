import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { rendered } from '../../scripts/readme.ts'
import { addressed, repository } from '../../scripts/repository.ts'
import { OUTPUTS } from '../../src/report/outputs.ts'
import { PHASES } from '../../src/settings/settings.ts'
import * as roles from '../../src/steps/roles.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const file = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const readme = file('README.md')
const reference = file('docs/reference.md')
const action = parse(file('action.yml')) as Record<'inputs' | 'outputs', Record<string, unknown>>
const manifest = JSON.parse(file('package.json')) as {
  dependencies: Record<string, string>
  scripts: Record<string, string>
}

describe('the documents', () => {
  it('have the tables of action.yml, and the repository of package.json', () => {
    for (const [path, text] of rendered()) expect([path, file(path)]).toEqual([path, text])
    expect([...rendered().keys()]).toEqual(expect.arrayContaining(['README.md', 'action.yml']))
  })

  it('follow a new owner wherever the repository is named, and nowhere else', () => {
    const { slug, owner } = repository
    const text = [
      `- uses: somebody/provision-azure-iot@v1`,
      'https://github.com/somebody/provision-azure-iot/actions',
      'https://raw.githubusercontent.com/somebody/provision-azure-iot/v1/schemas/config.schema.json',
      'author: somebody',
      '* @somebody',
      'repo:OWNER/REPO:environment:iot, ./provision-azure-iot/dist and @other'
    ]
    expect(addressed(text.join('\n')).split('\n')).toEqual([
      `- uses: ${slug}@v1`,
      `https://github.com/${slug}/actions`,
      `https://raw.githubusercontent.com/${slug}/v1/schemas/config.schema.json`,
      `author: ${repository.author}`,
      `* @${owner}`,
      text.at(-1)
    ])
  })

  it('name every phase in order', () => {
    const [, section = ''] = /## Phases\n([\s\S]*?)\n##/.exec(reference) ?? []
    expect([...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(PHASES)
  })

  it('give a reason for every dependency, and for nothing else', () => {
    const [, section = ''] = /## Dependencies\n([\s\S]*?)\n\n[^|\n]/.exec(reference) ?? []
    const named = [...section.matchAll(/^\| (@?[a-z][\w/-]+) \|/gm)].map(([, name]) => name)
    expect(new Set(named)).toEqual(new Set(Object.keys(manifest.dependencies)))
  })
})

/** What stands under `with` of this action, in a workflow, a list of steps or a part of one. */
function given(yaml: unknown): readonly Record<string, unknown>[] {
  if (typeof yaml !== 'object' || yaml === null) return []
  const { uses, with: inputs } = yaml as { uses?: unknown; with?: Record<string, unknown> }
  const isOurs = uses === undefined || String(uses).startsWith(`${repository.slug}@`)
  return [
    ...(inputs !== undefined && isOurs ? [inputs] : []),
    ...Object.values(yaml).flatMap(given)
  ]
}

describe.each(globSync(['*.md', 'docs/*.md'], { cwd: root }))('%s', (page) => {
  const blocks = [...file(page).matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(
    ([, indent = '', block = '']) => block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
  )

  it('only names inputs and outputs that exist', () => {
    for (const block of blocks) {
      for (const inputs of given(parse(block)))
        expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)))
      const used = [...block.matchAll(/steps\.iot\.outputs\.([a-z-]+)/g)].map(([, name]) => name)
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(used))
    }
  })
})

it('the pages show workflows and parts of them', () => {
  const pages = ['README.md', 'docs/sharing.md', 'docs/fleets.md', 'docs/migration.md']
  for (const page of pages) {
    const [, block = ''] = /```yaml\n([\s\S]*?)```/.exec(file(page)) ?? []
    expect([page, given(parse(block)).length]).not.toEqual([page, 0])
  }
})

describe('README', () => {
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

  it('only names scripts that exist', () => {
    const pages = `${readme}${file('CONTRIBUTING.md')}${reference}`
    for (const [, name] of pages.matchAll(/npm run ([a-z:]+)/g)) {
      expect(Object.keys(manifest.scripts)).toContain(name)
    }
  })
})

describe('outputs', () => {
  it('are declared in action.yml as the code emits them', () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS)
  })
})
