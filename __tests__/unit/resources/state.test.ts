import { describe, expect, test } from '@jest/globals'
import {
  condition,
  isAtWork,
  isFailed,
  isFinished,
  isLeaving,
  isStuck,
  notReady,
  provisioned
} from '../../../src/resources/state.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { CLAIM, HUB, tracked } from './sample.ts'

type Properties = { readonly provisioningState?: string; readonly state?: string } | undefined

const withState = (properties: Properties, owner: Owner = 'ours') =>
  tracked(owner, HUB, properties && { properties })

describe('the state of a resource', () => {
  test.each<[Properties, string | undefined, boolean, boolean, boolean]>([
    // properties, what it waits for, stuck, failed, leaving
    [undefined, undefined, false, false, false],
    [{}, undefined, false, false, false],
    [{ provisioningState: 'Succeeded' }, undefined, false, false, false],
    [{ provisioningState: 'succeeded', state: 'active' }, undefined, false, false, false],
    [{ provisioningState: 'Creating' }, 'Creating', false, false, false],
    [{ provisioningState: 'Failed' }, 'Failed', true, true, false],
    [{ provisioningState: 'Canceled' }, 'Canceled', true, true, false],
    [{ provisioningState: 'Failed', state: 'Active' }, undefined, false, false, false],
    [{ provisioningState: 'Updating', state: 'Active' }, 'Updating', false, false, false],
    [{ provisioningState: 'Succeeded', state: 'Activating' }, 'Activating', false, false, false],
    [{ state: 'ActivationFailed' }, 'ActivationFailed', true, true, false],
    [{ state: 'Suspended' }, 'Suspended', true, false, false],
    [{ provisioningState: 'Deleting' }, 'Deleting', true, false, true],
    [{ provisioningState: 'Succeeded', state: 'Deleting' }, 'Deleting', true, false, true],
    [{ provisioningState: 'Odd', state: 'Active' }, 'Odd', true, false, false]
  ])('%j waits for %s; stuck %s, failed %s, leaving %s', (properties, state, ...flags) => {
    const resource = withState(properties)
    expect(notReady(resource)).toBe(state && `Azure to have it ready (its state is ${state})`)
    expect([isStuck(resource), isFailed(resource), isLeaving(resource)]).toEqual(flags)
    expect(isAtWork(resource)).toBe(state !== undefined && flags[0] === false)
    expect(provisioned(resource)).toMatchObject({ holds: state === undefined })
  })

  test.each<[Properties, boolean]>([
    [{ provisioningState: 'Succeeded' }, true],
    [{ provisioningState: 'succeeded', state: 'Active' }, true],
    [{ provisioningState: 'Succeeded', state: 'Activating' }, false],
    [{ provisioningState: 'Accepted' }, false],
    [{ state: 'Active' }, false],
    [{}, false],
    [undefined, false]
  ])('of %j is finished: %s', (properties, finished) => {
    expect(isFinished(withState(properties))).toBe(finished)
  })

  test('of nothing is no failure', () => {
    expect(isFailed(undefined)).toBe(false)
  })
})

describe('what a state calls for', () => {
  test.each<[string, Properties, Owner, boolean, string]>([
    ['a good one for nothing', { state: 'Active' }, 'ours', true, 'nothing'],
    ['a passing one for patience', { provisioningState: 'Creating' }, 'ours', true, 'await'],
    ['a failed one of ours for another try', { provisioningState: 'Failed' }, 'ours', true, 'act'],
    ['one that lived for a person', { provisioningState: 'Failed' }, 'ours', false, 'cannot: Look'],
    [
      'a failed shared one for its owner',
      { state: 'ActivationFailed' },
      'shared',
      true,
      'cannot: It is shared'
    ],
    ['one that is stuck for a person', { state: 'Suspended' }, 'ours', true, 'cannot: Look']
  ])('%s', (_what, properties, owner, fresh, wanted) => {
    const options = { safeToRecreate: () => fresh }
    const verdict = condition(CLAIM, 'IoT hub', withState(properties, owner), options)
    const advice = verdict?.action === 'cannot' ? `: ${verdict.problems[0]?.advice}` : ''
    expect(`${verdict?.action ?? 'nothing'}${advice}`).toMatch(new RegExp(`^${wanted}`))
  })

  test('is another try where nothing says that it ever lived', () => {
    const failed = withState({ provisioningState: 'Failed' })
    expect(condition(CLAIM, 'IoT hub', failed, {})?.action).toBe('act')
  })
})
