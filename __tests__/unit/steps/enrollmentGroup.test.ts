import { describe, expect, test } from '@jest/globals'
import type { EnrollmentGroup } from '../../../src/azure/clients/enrollmentGroup.ts'
import { Stays } from '../../../src/engine/step.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
import type { EnrollmentGroupSpec } from '../../../src/settings/settings.ts'
import { ALONE, HUB, refused, signal } from '../resources/sample.ts'
import { facts, found, HOST, type World, worldOf } from './enrollmentGroupSample.ts'

function lineOf(verdict: Verdict): string {
  if (verdict.action === 'cannot') return `cannot: ${verdict.problems[0]?.what}`
  if (verdict.action === 'change')
    return `change ${verdict.changes.map(({ property }) => property)}`
  const { action, reason, warning } = verdict as {
    action: string
    reason?: string
    warning?: string
  }
  return [action, reason, warning].filter(Boolean).join(': ')
}

const ELSEWHERE = found({ iotHubs: ['other.x'] })
const ALL = found({ iotHubs: [] })
const UNBOUND = found({ credentialPolicyName: 'q' })

describe('an enrollment group', () => {
  test.each<[string, World, EnrollmentGroup | undefined, string]>([
    ['that is missing is made', { dps: 'ours' }, undefined, 'create'],
    [
      'that is missing waits for its DPS',
      { dps: 'ours', late: 'Azure' },
      undefined,
      'await: DPS: Azure'
    ],
    ['as wanted is kept', { dps: 'ours' }, found(), 'keep$'],
    ['that differs is changed', { dps: 'ours' }, UNBOUND, 'change credentialPolicyName'],
    ['of other hubs on a DPS of ours is changed', { dps: 'ours' }, ELSEWHERE, 'change iotHubs'],
    ['of all hubs on a DPS of ours is changed', { dps: 'ours' }, ALL, 'change iotHubs'],
    ['while its DPS is yet to be made is changed', { dps: undefined }, ELSEWHERE, 'change iotHubs'],
    [
      'of another attestation stops',
      { dps: 'ours' },
      found({ attestation: { type: 'x509' } }),
      'cannot: .*attests by x509'
    ],
    ['as wanted on a shared DPS is kept', { dps: 'shared' }, found(), 'keep$'],
    [
      'that differs on a shared DPS, and lists only ours, is changed',
      { dps: 'shared' },
      UNBOUND,
      'change credentialPolicyName'
    ],
    [
      'that differs on a shared DPS, and lists a shared hub, stops',
      { dps: 'shared', hub: 'shared' },
      UNBOUND,
      'cannot: .*may be somebody else'
    ],
    [
      'as wanted on a shared DPS with a shared hub is kept',
      { dps: 'shared', hub: 'shared' },
      found(),
      'keep$'
    ],
    [
      'that differs on a DPS of ours, and lists a shared hub, is changed',
      { dps: 'ours', hub: 'shared' },
      UNBOUND,
      'change credentialPolicyName'
    ],
    [
      'of other hubs on a shared DPS stops',
      { dps: 'shared' },
      ELSEWHERE,
      'cannot: .*serves other hubs \\(other.x\\)'
    ],
    [
      'of all hubs on a shared DPS stops',
      { dps: 'shared', linked: [HOST, 'other.x'] },
      ALL,
      'cannot: .*\\(all of them\\)'
    ],
    [
      'that says nothing of hubs on a shared DPS stops',
      { dps: 'shared', linked: [] },
      { ...found(), iotHubs: undefined as never },
      'cannot: .*\\(all of them\\)'
    ],
    [
      'of all hubs where only ours is linked is kept with a word',
      { dps: 'shared' },
      ALL,
      'keep: shared: .*lists no hub'
    ],
    [
      'of all hubs where only ours is linked does not fit otherwise',
      { dps: 'shared' },
      { ...UNBOUND, iotHubs: [] },
      'cannot: .*may be somebody else'
    ]
  ])('%s', (_what, world, group, line) => {
    const { step, see } = worldOf(world)
    expect(lineOf(step.judge(facts(group), see))).toMatch(new RegExp(`^${line}`))
  })

  test('that could not be seen is not known', () => {
    const { step, see } = worldOf({ dps: 'ours' })
    const unseen = step.unseen?.(refused(403, '403002'))
    expect(unseen).toMatchObject({ refused: true })
    expect(step.unseen?.(new Error('broken'))).toBeUndefined()
    expect(unseen && step.judge(unseen, see).action).toBe('unknown')
    expect([facts(undefined), facts(found())].map(step.unmetRequirement)).toEqual([
      'does not exist',
      undefined
    ])
  })

  test.each<[string, Partial<EnrollmentGroupSpec>, object]>([
    ['policy and hubs', {}, { credentialPolicyName: 'p', iotHubs: [HOST] }],
    ['hubs alone', { policy: undefined }, { iotHubs: [HOST] }]
  ])('that is made tells its %s', (_what, spec, shown) => {
    const { step, see } = worldOf({ dps: 'ours', spec })
    const verdict = step.judge(facts(undefined), see)
    const changes = verdict.action === 'create' ? (verdict.changes ?? []) : []
    expect(Object.fromEntries(changes.map(({ property, after }) => [property, after]))).toEqual(
      shown
    )
  })

  test.each<[readonly string[] | undefined, readonly string[]]>([
    [undefined, [HOST]],
    [[HUB.toUpperCase()], [HOST]],
    [[], []],
    [[`${HUB}2`], []]
  ])('whose hubs are given as %j has %j', async (hubs, hosts) => {
    const { step, see } = worldOf({ dps: 'ours', ...(hubs && { spec: { hubs } }), told: [found()] })
    expect(await step.observe(see, signal)).toEqual({ group: found(), hubs: hosts })
  })

  test('is not looked for while its DPS is not there', async () => {
    const { step, see } = worldOf({ told: [found()] })
    expect(await step.observe(see, signal)).toEqual({ group: undefined, hubs: [HOST] })
  })

  test.each<[string, World, EnrollmentGroup | undefined, readonly (boolean | undefined)[]]>([
    ['is none while there is none', { dps: 'ours' }, undefined, []],
    ['holds', { dps: 'ours' }, found(), [true, true, true]],
    [
      'has no word on a policy that is not wanted',
      { dps: 'ours', spec: { policy: undefined } },
      found(),
      [true, true]
    ],
    [
      'tells what is disabled',
      { dps: 'ours' },
      found({ provisioningStatus: 'Disabled' }),
      [false, true, true]
    ],
    ['tells other hubs', { dps: 'ours' }, ELSEWHERE, [true, true, false]],
    [
      'tells no hubs',
      { dps: 'ours' },
      { ...found(), iotHubs: undefined as never },
      [true, true, false]
    ]
  ])('its check %s', (_what, world, group, holds) => {
    const { step, see } = worldOf(world)
    expect(step.checks?.(facts(group), see).map((check) => check.holds)).toEqual(holds)
    expect(step.outputs?.(facts(group))).toEqual(group ? { 'enrollment-group': 'g' } : {})
  })

  test.each<[string, World, EnrollmentGroup, boolean, string]>([
    ['breaks on a DPS of ours', { dps: 'ours' }, ALL, false, 'none, which means all'],
    ['is a word where only ours is linked', { dps: 'shared' }, ALL, true, 'none, which means all'],
    ['breaks on a shared DPS', { dps: 'shared' }, ELSEWHERE, false, 'it lists other.x']
  ])('its check for other hubs %s', (_what, world, group, warning, text) => {
    const { step, see } = worldOf(world)
    expect(step.checks?.(facts(group), see).at(-1)).toMatchObject({
      warning,
      found: expect.stringContaining(text)
    })
  })
})

describe('the end of an enrollment group', () => {
  test.each<[string, World, EnrollmentGroup | undefined, string | undefined]>([
    ['that is not there is none', { dps: 'ours' }, undefined, undefined],
    ['without a DPS is none', {}, found(), undefined],
    ['on a DPS of ours is its removal', { dps: 'ours' }, ELSEWHERE, 'remove'],
    ['that is proven to be ours is its removal', { dps: 'shared' }, found(), 'remove'],
    ['that is not proven is none', { dps: 'shared' }, ELSEWHERE, 'leave']
  ])('%s', (_what, world, group, action) => {
    const { step, see } = worldOf(world)
    expect(step.teardown?.judge(facts(group), see, () => false)?.action).toBe(action)
  })
})

describe('the removal of an enrollment group', () => {
  const AGAIN = refused(412, '412001')
  test.each<[string, World, readonly string[], string | undefined]>([
    ['on a DPS of ours needs no look', { dps: 'ours' }, ['delete undefined'], undefined],
    [
      'on a shared DPS is that of what was seen',
      { dps: 'shared', told: [found({ etag: 'e1' })] },
      ['delete e1'],
      undefined
    ],
    ['that is gone is done', { dps: 'shared', told: [undefined] }, [], undefined],
    [
      'that has become somebody else’s is none',
      { dps: 'shared', told: [{ ...ELSEWHERE, etag: 'e1' }] },
      [],
      'lists'
    ],
    [
      'that changes meanwhile is looked at again',
      { dps: 'shared', told: [found({ etag: 'e1' }), AGAIN, found({ etag: 'e2' })] },
      ['delete e1', 'delete e2'],
      undefined
    ],
    [
      'that becomes somebody else’s meanwhile ends',
      { dps: 'shared', told: [found({ etag: 'e1' }), AGAIN, { ...ELSEWHERE, etag: 'e2' }] },
      ['delete e1'],
      'lists'
    ]
  ])('%s', async (_what, world, did, stays) => {
    const log: string[] = []
    const { step, see } = worldOf({ ...world, log })
    const end = await step.teardown?.remove?.({
      ...{ facts: facts(found()), see, signal, ...ALONE, progress: () => {} },
      verdict: { action: 'remove' },
      strangers: () => []
    })
    expect(log).toEqual(did)
    const reason = end instanceof Stays ? end.reason : undefined
    if (stays === undefined) expect(reason).toBeUndefined()
    else expect(reason).toContain(stays)
  })

  test('that is refused ends with the refusal', async () => {
    const { step, see } = worldOf({ dps: 'shared', told: [found(), refused(403, 'Denied')] })
    const removal = step.teardown?.remove?.({
      ...{ facts: facts(found()), see, signal, ...ALONE, progress: () => {} },
      verdict: { action: 'remove' },
      strangers: () => []
    })
    await expect(removal).rejects.toThrow('Azure said Denied')
  })
})
