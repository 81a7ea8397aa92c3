import { describe, expect, test } from '@jest/globals'
import { CHANGE, type Facts, hub, LATE, type LifeOf, present, stepOf } from './lifecycleSample.ts'
import { HUB, NAMESPACE, seeNothing, standIn, toolsOf } from './sample.ts'

const FITS_NOT: LifeOf['present'] = { ...present, differences: () => ({ fixed: [CHANGE] }) }
const DRIFTED: LifeOf['present'] = {
  ...present,
  differences: () => ({ fixed: [], mutable: [CHANGE] })
}
describe('a resource', () => {
  test.each([true, false, undefined])('is made early where its kind says so: %s', (early) => {
    const create = { body: () => ({ location: 'westeurope' }) }
    const step = stepOf({ create: early === undefined ? create : { ...create, early } })
    expect(step.createsEarly).toBe(early === true)
  })

  test.each<[string, Facts, Partial<LifeOf>, object]>([
    ['that is missing is made', { resource: undefined }, {}, { action: 'create' }],
    [
      'whose group is missing is not',
      { resource: undefined, absence: { resourceGroupMissing: true } },
      {},
      { action: 'cannot' }
    ],
    ['as wanted is kept', hub('ours'), {}, { action: 'keep' }],
    ['that drifted is mended', hub('ours'), { present: DRIFTED }, { action: 'change' }],
    ['that does not fit stops', hub('ours'), { present: FITS_NOT }, { action: 'cannot' }],
    ['shared that does not fit stops', hub('shared'), { present: FITS_NOT }, { action: 'cannot' }],
    [
      'shared of a kind that always fits is kept',
      hub('shared'),
      { present: { ...FITS_NOT, sharedFitsAlways: true } },
      { action: 'keep', reason: 'shared' }
    ],
    [
      'of ours, even of that kind, has to fit',
      hub('ours'),
      { present: { ...FITS_NOT, sharedFitsAlways: true } },
      { action: 'cannot' }
    ],
    [
      'that Azure is at work on is waited for',
      hub('ours', { state: 'Activating' }),
      { present: DRIFTED },
      { action: 'await' }
    ],
    [
      'whose creation failed is made again',
      hub('ours', { provisioningState: 'Failed' }),
      {},
      { action: 'act' }
    ],
    [
      'of which Azure tells late is waited for',
      hub('ours'),
      { present: LATE },
      { action: 'await', reason: 'Azure to tell its host name' }
    ],
    [
      'that drifted is mended whatever is late',
      hub('ours'),
      { present: { ...DRIFTED, ...{ late: LATE.late } } as LifeOf['present'] },
      { action: 'change' }
    ],
    [
      'that does not fit stops whatever its state',
      hub('ours', { state: 'Activating' }),
      { present: FITS_NOT },
      { action: 'cannot', problems: [{ what: expect.stringContaining('in place') }] }
    ]
  ])('%s', (_what, facts, more, verdict) => {
    expect(stepOf(more).judge(facts, seeNothing)).toMatchObject(verdict)
  })

  test('without tags among tagged ones is told to have lost them', () => {
    expect(stepOf({}, toolsOf(), true).judge(hub('shared'), seeNothing)).toHaveProperty('warning')
    expect(stepOf().judge(hub('shared'), seeNothing)).not.toHaveProperty('warning')
  })

  test.each<[string, Facts, Partial<LifeOf>, string | undefined, string | undefined]>([
    ['that is missing', { resource: undefined }, { present: LATE }, 'does not exist', undefined],
    ['that is there', hub('ours'), {}, undefined, undefined],
    [
      'that is not ready',
      hub('ours', { state: 'Activating' }),
      {},
      'it still waits for Azure to have it ready (its state is Activating)',
      undefined
    ],
    [
      'of which Azure tells late',
      hub('ours'),
      { present: LATE },
      'it still waits for Azure to tell its host name',
      'Azure to tell its host name'
    ]
  ])('%s serves those that need it, or not', (_which, facts, more, unmet, late) => {
    const step = stepOf(more)
    expect([step.unmetRequirement(facts), step.late?.(facts)]).toEqual([unmet, late])
  })

  test('is told of only while it is there', () => {
    const checks = [{ what: 'lives', holds: true, remedy: 'x' }]
    const unmanaged = [{ kind: 'Policy', resource: '/p' }]
    const step = stepOf({
      present: { ...present, checks: () => checks, unmanaged: () => unmanaged }
    })
    const of = (facts: Facts) => [
      step.checks?.(facts, seeNothing),
      step.unmanaged?.(facts),
      step.outputs?.(facts)
    ]
    expect(of(hub('ours'))).toEqual([checks, unmanaged, { 'hub-id': HUB }])
    expect(of({ resource: undefined })).toEqual([[], [], {}])
    expect(stepOf().checks?.(hub('ours'), seeNothing)).toEqual([])
    expect(stepOf().unmanaged).toBeUndefined()
  })
})

describe('the end of a resource', () => {
  test.each<[string, Facts, object | undefined]>([
    ['that is not there is none', { resource: undefined }, undefined],
    ['of ours is its removal', hub('ours'), { action: 'remove' }],
    [
      'that must stay is none',
      { ...hub('ours'), mustStay: 'unseen parts' },
      { action: 'leave', reason: 'unseen parts', own: true }
    ],
    ['that is shared is none', hub('shared'), { action: 'leave' }]
  ])('%s', (_what, facts, verdict) => {
    const judged = stepOf().teardown?.judge(facts, seeNothing, () => false)
    if (verdict === undefined) expect(judged).toBeUndefined()
    else expect(judged).toMatchObject(verdict)
  })

  test('waits for what uses it and tells what it uses and holds', () => {
    const contents = [{ kind: 'Policy', resource: '/p' }]
    const dps = standIn('/dps')
    const { teardown } = stepOf({ remove: { uses: () => [NAMESPACE], goesAfter: () => [dps] } })
    expect(teardown?.uses?.(hub('ours'))).toEqual([NAMESPACE])
    expect(teardown?.uses?.({ resource: undefined })).toEqual([])
    expect(teardown?.contents?.({ ...hub('ours'), contents })).toBe(contents)
    expect(teardown?.contents?.(hub('ours'))).toEqual([])
    expect(teardown?.goesAfter?.()).toEqual([dps])
    expect(stepOf().teardown?.uses?.(hub('ours'))).toEqual([])
    expect(stepOf().teardown).not.toHaveProperty('goesAfter')
  })
})
