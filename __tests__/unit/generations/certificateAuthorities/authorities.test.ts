import { describe, expect, it } from '@jest/globals'
import {
  type Authority,
  authoritiesStep,
  isRoot,
  rootOf,
  seen,
  serving
} from '../../../../src/generations/certificateAuthorities/authorities.ts'
import type { LinkingNamespace } from '../../../../src/generations/certificateAuthorities/model.ts'
import {
  authorityId,
  issuingName,
  policyId
} from '../../../../src/generations/certificateAuthorities/names.ts'
import { seeing, signal, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
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

describe('the certificate authorities of a namespace', () => {
  const namespace = standIn<{ resource: LinkingNamespace | undefined }>(NAMESPACE)
  const policies = [{ id: '/p', name: 'p' }]
  const asked: string[] = []
  const azure = azureOf({
    list: (path: string) => {
      asked.push(path)
      return path.endsWith('certificatePolicies') ? policies : [ROOT, authority('issuing-p', 'ICA')]
    }
  })
  const step = authoritiesStep(
    azure,
    target(NAMESPACE),
    [{ name: 'p', leafValidityDays: 30 }],
    namespace
  )

  it('are read with the policies of those that issue', async () => {
    const see = seeing([namespace, { resource: tracked('ours', NAMESPACE) }])
    const { all } = await step.observe(see, signal)
    expect(all.map((one) => one.policies.length)).toEqual([0, 1])
    expect(asked).toHaveLength(2)
    expect(seen(step, ROOT.id.toUpperCase())(seeing([step, { all }]))?.name).toBe('their-root')
    expect(seen(step, '/other')(seeing([step, { all }]))).toBeUndefined()
  })

  it('are none without a namespace', async () => {
    const see = seeing([namespace, { resource: undefined }])
    expect(await step.observe(see, signal)).toEqual({ all: [] })
  })

  it('that serve no wanted policy are not managed, but for the root', () => {
    const all = [ROOT, authority('issuing-p', 'ICA'), authority('theirs', 'ICA', 'q')]
    expect(step.unmanaged?.({ all }).map(({ resource }) => resource.split('/').at(-1))).toEqual([
      'theirs'
    ])
  })
})
