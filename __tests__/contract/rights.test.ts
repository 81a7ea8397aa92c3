import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'

const file = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

it('docs/least-privilege-role.md tells of every right of the role: where it is asked for, and where its name is from', () => {
  const { Actions: actions } = JSON.parse(file('docs/least-privilege-role.json')) as {
    Actions: string[]
  }
  const text = file('docs/least-privilege-role.md')
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([^|]+) \| ([^|]+) \|(.*)\|$/gm)]
  expect(rows.map(([, right]) => right)).toEqual(actions)
  const sources = [...text.matchAll(/\*\*([A-Z][\w ]+)\*\*:/g)].map(([, name]) => name)
  for (const [, right = '', place, , from = ''] of rows) {
    expect([right, place]).toEqual([
      right,
      expect.stringMatching(/^(S|G|below G|G and below)(, [SG])?$/)
    ])
    if (right !== '*/read') expect(sources).toContain(from.trim())
  }
})
