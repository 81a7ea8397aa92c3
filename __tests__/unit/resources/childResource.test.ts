import { describe, expect, test } from '@jest/globals'
import {
  type ChildResource,
  childResource,
  onlySeen
} from '../../../src/resources/childResource.ts'
import type { ParentFacts } from '../../../src/resources/life.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import {
  NAMESPACE,
  seeing,
  seeNothing,
  signal,
  standIn,
  target,
  toolsOf,
  tracked
} from './sample.ts'

const POLICY = `${NAMESPACE}/credentials/default/policies/p`
const parent = standIn<ParentFacts>(NAMESPACE)

function stepOf(
  more: Partial<ChildResource<TrackedResource>> = {},
  byId?: boolean,
  familiar = false
) {
  const tools = toolsOf()
  if (familiar) tools.family.saw(NAMESPACE, 'ours')
  return childResource<TrackedResource>(tools, {
    id: 'policy/p',
    kind: 'Policy',
    phase: 'certificates',
    resource: POLICY,
    of: target(NAMESPACE, byId === undefined ? {} : { byId }),
    parent,
    apiVersion: 'v',
    input: 'policies',
    needs: [parent],
    create: { body: () => ({ location: undefined }) },
    present: { outputs: () => ({}) },
    ...more
  })
}

const policy = (owner: Owner) => ({ resource: tracked(owner, POLICY) })

describe('what lies in a resource with a name', () => {
  test.each<[string, boolean | undefined, string]>([
    ['by name', undefined, 'cannot'],
    ['by name, said so', false, 'cannot'],
    ['by its id', true, 'keep']
  ])('of a sibling that is given %s', (_how, byId, action) => {
    expect(stepOf({}, byId).judge(policy('sibling'), seeNothing).action).toBe(action)
  })

  test.each([
    ['has lost its tags where that is ours', true, true],
    ['is shared where that is not', false, false]
  ])('without tags %s', (_what, familiar, warns) => {
    const verdict = stepOf({}, false, familiar).judge(policy('shared'), seeNothing)
    expect('warning' in verdict).toBe(warns)
  })

  test('is found in the list of its parent where there is one', async () => {
    const { resource } = policy('ours')
    expect(await stepOf({ listed: () => resource }).observe(seeNothing, signal)).toEqual({
      resource
    })
    await expect(stepOf().observe(seeNothing, signal)).rejects.toThrow('was not to be asked')
  })
})

describe('what ends with its parent', () => {
  const WHY = 'the credential stays'
  test.each<[string, Owner | undefined, boolean, object | undefined]>([
    ['goes with it', 'ours', true, { action: 'remove' }],
    ['stays with it', 'ours', false, { action: 'leave', reason: WHY }],
    [
      'stays where it is shared',
      'shared',
      true,
      { action: 'leave', reason: expect.stringContaining('shared') }
    ],
    ['is none where it is not there', undefined, true, undefined]
  ])('%s', (_what, owner, parentGoes, verdict) => {
    const { teardown } = stepOf({ staysWithParent: WHY })
    const facts = owner === undefined ? { resource: undefined } : policy(owner)
    const judged = teardown?.judge(
      facts,
      seeNothing,
      (resource) => parentGoes && resource === NAMESPACE
    )
    expect(judged).toEqual(verdict)
    expect(teardown).toMatchObject({ within: true, follows: true })
  })

  test('tells that it has lost its tags', () => {
    const { teardown } = stepOf({ staysWithParent: WHY }, false, true)
    expect(teardown?.judge(policy('shared'), seeNothing, () => true)).toMatchObject({
      reason: expect.stringContaining('carries no tags')
    })
  })

  test('is removed by itself otherwise', () => {
    const { teardown } = stepOf()
    expect(teardown?.follows).toBeUndefined()
    expect(teardown?.judge(policy('ours'), seeNothing, () => false)).toEqual({ action: 'remove' })
  })
})

test('what is only looked at is kept, needed by nobody and put out to nobody', () => {
  const step = onlySeen(stepOf(), 'certificates: false')
  const facts = { resource: undefined }
  expect(step.judge(facts, seeing())).toEqual({ action: 'keep', reason: 'certificates: false' })
  expect(step.unmetRequirement(facts)).toBeUndefined()
  expect(step.outputs?.(facts)).toEqual({})
})
