import { expect, test } from '@jest/globals'
import { type ArmResource, armResource } from '../../../src/resources/armResource.ts'
import { Family } from '../../../src/resources/family.ts'
import type { ParentFacts } from '../../../src/resources/life.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import { DPS, GROUP, HUB, seeNothing, signal, standIn, target, toolsOf, tracked } from './sample.ts'

const OTHER = '/subscriptions/s/resourceGroups/theirs'
const THERE = HUB.replace(GROUP, OTHER)
const group = standIn<ParentFacts>(GROUP.toUpperCase())

function stepOf(
  id: string,
  more: object = {},
  tools = toolsOf(),
  of: Pick<ArmResource<TrackedResource>, 'group'> = { group }
) {
  return armResource<TrackedResource>(tools, {
    id: 'hub/hub1',
    kind: 'IoT hub',
    target: target(id, more),
    ...of,
    phase: 'hub',
    apiVersion: 'v',
    input: 'hub',
    needs: [],
    create: { body: () => ({ location: undefined }) },
    present: { outputs: () => ({}) }
  })
}

test.each([
  ['the environment’s group lies in it', HUB, { group }, [group], []],
  ['another group lies in none of ours', THERE, { group }, [], [OTHER]],
  ['no group is a group itself', GROUP, {}, [], []]
])('a resource of %s', async (_where, id, of, reads, asked) => {
  const read: string[] = []
  const get = (one: string) => void read.push(one)
  const step = stepOf(id, {}, toolsOf({}, { get }), of)
  expect(step.reads).toEqual(reads)
  const find = await step.observe(() => ({}) as never, signal)
  expect(find.absence?.resourceGroupMissing).toBe(asked.length > 0)
  expect(read).toEqual([id, ...asked])
})

test.each([
  ['by its id is shared', { byId: true }, 'keep'],
  ['by its name is somebody else’s', {}, 'cannot']
])('what a sibling made and is given %s', (_how, more, action) => {
  const facts = { resource: tracked('sibling', HUB) }
  expect(stepOf(HUB, more).judge(facts, seeNothing).action).toBe(action)
})

test.each([
  ['a derived name', HUB, {}, DPS, true],
  ['a name that is given, in a group of ours', HUB, { given: true }, GROUP, true],
  ['a name that is given, in another group', THERE, { given: true }, DPS, false],
  ['its id', HUB, { byId: true, given: true }, GROUP, false]
])('what carries no tags has lost them by %s: %#', (_by, id, more, ours, lost) => {
  const family = new Family()
  family.saw(ours, 'ours')
  const verdict = stepOf(id, more, toolsOf({ family })).judge(
    { resource: tracked('shared', id) },
    seeNothing
  )
  expect('warning' in verdict).toBe(lost)
})

test('a group itself has lost its tags where it is known to be ours', () => {
  const family = new Family()
  family.saw(GROUP, 'ours')
  const step = stepOf(GROUP, { given: true }, toolsOf({ family }), {})
  expect(step.judge({ resource: tracked('shared', GROUP) }, seeNothing)).toHaveProperty('warning')
})
