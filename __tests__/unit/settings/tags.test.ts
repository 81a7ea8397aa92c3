import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ownerOf, ownershipTags, parseTags } from '../../../src/settings/tags.ts'

const ownership = {
  repository: 'octo/thermostat',
  repositoryId: '4711',
  environment: 'Feature/X',
  branch: 'Feature/X'
}

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
    ['iot-environment=prod', 'iot-environment: is reserved']
  ])('refuses %#', (text, message) => {
    const { problems } = parse(text)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(message)
  })

  it('leaves room for the ownership tags', () => {
    const some = (count: number) => Array.from({ length: count }, (_, n) => `t${n}=x`).join('\n')
    expect(parse(some(44)).problems).toEqual([])
    expect(parse(some(45)).problems).toEqual(['45 tags: at most 44: Azure allows 50, 6 are ours'])
  })
})

describe('ownership', () => {
  const tags = ownershipTags(ownership)

  it('has exact names, which never change', () => {
    expect(tags).toEqual({
      'managed-by': 'provision-azure-iot',
      'iot-repository-id': '4711',
      'iot-repository': 'octo/thermostat',
      'iot-environment': 'Feature/X',
      'iot-branch': 'Feature/X'
    })
    expect(ownershipTags({ ...ownership, branch: undefined })).not.toHaveProperty('iot-branch')
  })

  it('cuts a branch to what a tag holds, never through a character', () => {
    const branchTag = (branch: string) => ownershipTags({ ...ownership, branch })['iot-branch']
    expect(branchTag('x'.repeat(300))).toBe('x'.repeat(256))
    expect(branchTag(`${'x'.repeat(255)}🚀`)).toBe('x'.repeat(255))
  })

  it.each([
    ['ours', tags],
    ['ours', { ...tags, 'iot-branch': 'other', 'iot-repository': 'renamed/since' }],
    ['ours', { ...tags, 'iot-environment': 'feature/x' }],
    ['ours', Object.fromEntries(Object.entries(tags).map(([n, v]) => [n.toUpperCase(), v]))],
    ['foreign', { ...tags, 'iot-environment': 'main' }],
    ['foreign', { ...tags, 'iot-repository-id': '4712' }],
    ['foreign', { 'managed-by': 'provision-azure-iot' }],
    ['shared', { ...tags, 'managed-by': 'terraform' }],
    ['shared', {}],
    ['shared', undefined]
  ])('is %s for %j', (owner, found) => {
    expect(ownerOf(found, ownership)).toBe(owner)
  })

  it('always knows its own again', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    const any = fc.record({ repository: text, repositoryId: text, environment: text, branch: text })
    fc.assert(fc.property(any, (own) => expect(ownerOf(ownershipTags(own), own)).toBe('ours')))
  })
})
