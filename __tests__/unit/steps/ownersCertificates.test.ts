import { expect, test } from '@jest/globals'
import type { ArmFacts } from '../../../src/resources/life.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { ownersCertificates } from '../../../src/steps/ownersCertificates.ts'
import { CLAIM, NAMESPACE, seeing, standIn, tracked } from '../resources/sample.ts'

const POLICY = { kind: 'Policy', id: '/policy', otherwise: 'set `certificates: false`' }

test.each<[Owner | 'none', boolean]>([
  ['ours', true],
  ['none', true],
  ['shared', false],
  ['sibling', false],
  ['foreign', false],
  ['unproven', false]
])('certificates of a namespace that is %s may be made: %p', (owner, may) => {
  const namespace = standIn<ArmFacts<TrackedResource>>(NAMESPACE)
  const resource = owner === 'none' ? undefined : tracked(owner, NAMESPACE)
  const verdict = ownersCertificates(CLAIM, POLICY, namespace, seeing([namespace, { resource }]))
  if (may) expect(verdict).toBeUndefined()
  else
    expect(verdict).toMatchObject({
      action: 'cannot',
      problems: [
        {
          what: expect.stringContaining('Policy /policy does not exist'),
          advice: expect.stringContaining('or set `certificates: false`.')
        }
      ]
    })
})
