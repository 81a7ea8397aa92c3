import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { repository } from '../../scripts/repository.ts'
import { workflowsOf } from '../../scripts/workflows/checkout.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const file = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const workflows = [
  ...globSync('.github/workflows/*.yml', { cwd: root }),
  ...globSync('scripts/workflows/files/*.yml', { cwd: root }),
  ...globSync('examples/*.yml', { cwd: root }).filter((path) => !path.endsWith('iot.yml'))
]

describe('workflows', () => {
  it('are there', () => {
    expect(workflows).not.toEqual([])
    expect(workflowsOf(file('README.md'))).not.toEqual([])
  })

  it.each(workflows)('%s pins actions by commit and asks for nothing by default', (path) => {
    for (const [, name = '', version] of file(path).matchAll(
      /^ *(?:- )?uses: *(\S+)(?: # (\S+))?/gm
    )) {
      if (name.startsWith('./') || name.startsWith(`${repository.slug}@`)) continue
      expect([name, version]).toEqual([
        expect.stringMatching(/@[0-9a-f]{40}$/),
        expect.stringMatching(/^v\d+\.\d+\.\d+$/)
      ])
    }
    expect((parse(file(path)) as { permissions: unknown }).permissions).toEqual({})
  })
})
