import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { notesOf, released } from '../../scripts/release.ts'
import { VERSION } from '../../src/azure/http/version.ts'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const CHANGELOG = `# Changelog

## Unreleased

- New.

## 1.0.0 – 2026-11-26

- First.
`

describe('CHANGELOG.md', () => {
  it('has what is unreleased as the section of the version that is prepared', () => {
    const text = released(CHANGELOG, '1.1.0', '2026-12-24')
    expect(text).toContain('## Unreleased\n\n## 1.1.0 – 2026-12-24\n\n- New.\n\n## 1.0.0')
    expect(notesOf(text, '1.1.0')).toBe('- New.\n')
    expect(notesOf(text, '1.0.0')).toBe('- First.\n')
  })

  it('is not released with nothing to tell, or twice', () => {
    const text = released(CHANGELOG, '1.1.0', '2026-12-24')
    expect(() => released(text, '1.2.0', '2026-12-25')).toThrow('nothing under "Unreleased"')
    expect(() => released(CHANGELOG, '1.0.0', '2026-12-25')).toThrow('has 1.0.0 already')
    expect(() => notesOf(CHANGELOG, '1.0')).toThrow('no section with the notes of 1.0')
  })

  it('tells of what is next, or of the version that package.json has', () => {
    const { version } = JSON.parse(file('package.json')) as { version: string }
    const text = file('CHANGELOG.md')
    const [, unreleased = ''] = /^## Unreleased\n([^#]*)/m.exec(text) ?? []
    if (unreleased.trim() === '') expect(notesOf(text, version)).not.toBe('')
    else expect(notesOf(released(text, '999.0.0', '2026-12-24'), '999.0.0')).not.toBe('')
  })
})

it('the user agent has the version of package.json', () => {
  expect(VERSION).toBe((JSON.parse(file('package.json')) as { version: string }).version)
})

interface Job {
  readonly permissions: Readonly<Record<string, string>>
  readonly environment?: string
  readonly steps: readonly { readonly run?: string; readonly uses?: string }[]
}

describe('what may write to the repository', () => {
  const jobs = ['release', 'rebuild-dist'].flatMap((name) =>
    Object.entries(
      (parse(file(`.github/workflows/${name}.yml`)) as { jobs: Record<string, Job> }).jobs
    )
  )

  it('runs nothing that is installed', () => {
    const writers = jobs.filter(([, { permissions }]) => permissions.contents === 'write')
    expect(writers.map(([name]) => name)).toEqual(['draft', 'publish', 'commit'])
    for (const [, { steps }] of writers)
      for (const { run = '' } of steps) expect(run).not.toMatch(/\b(npm|npx|node|\.ci\/run)\b/)
  })

  it('asks for approval before a release can no longer be changed', () => {
    const [[, publish] = []] = jobs.filter(([name]) => name === 'publish')
    expect(publish?.environment).toBe('release')
  })
})
