import { describe, expect, it } from '@jest/globals'
import { parseTags } from '../../../src/settings/tags.ts'

function parse(text: string) {
  const problems: string[] = []
  const tags = parseTags(text, (value, rule) => problems.push(`${value}: ${rule}`))
  return { tags, problems }
}

describe('parseTags', () => {
  it('takes a pair a line', () => {
    expect(parse('team=iot\r\n\n cost centre = 7=8 \nempty=\n__proto__=x')).toEqual({
      tags: Object.fromEntries([
        ['team', 'iot'],
        ['cost centre', '7=8'],
        ['empty', ''],
        ['__proto__', 'x']
      ]),
      problems: []
    })
  })

  it.each([
    ['team', 'team: must be name=value'],
    ['=x', ': must be name=value'],
    ['a<b=x', 'a<b: a tag name must not contain'],
    ['a/b=x', 'a/b: a tag name must not contain'],
    [`${'n'.repeat(513)}=x`, `${'n'.repeat(513)}: a tag name has at most 512`],
    [`a=${'v'.repeat(257)}`, 'a: a tag value has at most 256 characters, not 257'],
    ['team=a\nTEAM=b', 'TEAM: is given twice'],
    ['Managed-By=me', 'Managed-By: is reserved'],
    ['iot-environment=prod', 'iot-environment: is reserved'],
    ['iot-mark=x', 'iot-mark: is reserved']
  ])('refuses %#', (text, message) => {
    const { problems } = parse(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(message)
  })

  it('leaves room for the ownership tags', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => `t${n}=x`).join('\n')
    expect(parse(some(42)).problems).toEqual([])
    expect(parse(some(43)).problems).toEqual([
      "43 tags: at most 42: Azure allows 50, 8 are the action's own"
    ])
  })
})
