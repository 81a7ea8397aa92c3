import { describe, expect, it } from '@jest/globals'
import {
  type Authority,
  isRoot,
  rootOf,
  serving
} from '../../../../src/generations/certificateAuthorities/authorities.ts'
import {
  authorityId,
  issuingName,
  policyId
} from '../../../../src/generations/certificateAuthorities/names.ts'
import { NAMESPACE } from './sample.ts'

function authority(name: string, type: string, ...policies: readonly string[]): Authority {
  const id = authorityId(NAMESPACE, name)
  return {
    id,
    name,
    properties: { certificateAuthorityType: type },
    policies: policies.map((policy) => ({ id: policyId(id, policy), name: policy }))
  }
}

const ROOT = authority('their-root', 'Root')
const own = (policy: string) => authorityId(NAMESPACE, issuingName(policy))

describe('the issuing CA of a policy', () => {
  it.each([
    ['is to be made where there is none', [], own('default')],
    ['is the one of its name', [authority('issuing-default', 'ICA', 'default')], own('default')],
    ['may have no policy yet', [authority('issuing-default', 'ICA')], own('default')],
    [
      'is one under another name that has the policy',
      [authority('theirs', 'ICA', 'DEFAULT')],
      authorityId(NAMESPACE, 'theirs')
    ],
    [
      'is the one of its name, whoever else has such a policy',
      [authority('theirs', 'ICA', 'default'), authority('ISSUING-DEFAULT', 'ICA')],
      own('default')
    ],
    ['is not one with another policy', [authority('theirs', 'ICA', 'other')], own('default')]
  ])('%s', (_what, all, wanted) => {
    expect(serving(NAMESPACE, 'default', [ROOT, ...all])).toBe(wanted)
  })
})

describe('the root', () => {
  it('is told by its type, not by its name', () => {
    expect(rootOf([authority('root', 'ICA'), ROOT])).toBe(ROOT)
    expect(rootOf([])).toBeUndefined()
    expect([isRoot(authority('x', 'root')), isRoot(authority('root', 'ICA'))]).toEqual([
      true,
      false
    ])
  })
})
