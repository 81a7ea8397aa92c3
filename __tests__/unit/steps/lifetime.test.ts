import { describe, expect, test } from '@jest/globals'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner, Tags } from '../../../src/settings/ownerTags.ts'
import type { BranchSpec } from '../../../src/settings/settings.ts'
import { hubCarriesLifetime, lifetimeStep, WantedLifetime } from '../../../src/steps/lifetime.ts'
import {
  ALONE,
  CLAIM,
  clockAt,
  GROUP,
  HUB,
  NOW,
  OWNERSHIP,
  seeing,
  signal,
  standIn,
  tracked
} from '../resources/sample.ts'
import { azureOf, group, groupFacts } from './sample.ts'

const DAY = 24 * 3600_000
const at = (ms: number) => new Date(NOW + ms).toISOString()
const hub = standIn<{ resource: TrackedResource | undefined }>(HUB)

interface Wanted {
  readonly expiresAfter?: number
  readonly branch?: BranchSpec
}

function stepOf({ expiresAfter, branch = 'as recorded' }: Wanted, written: unknown[] = []) {
  const lifetime = new WantedLifetime(azureOf(), {
    expiresAfter,
    ownership: { ...OWNERSHIP, branch }
  })
  const azure = {
    tag: async (_id: string, tags: Tags) => void written.push({ set: tags }),
    untag: async (_id: string, tags: Tags) => void written.push({ removed: tags })
  }
  return lifetimeStep(azure, CLAIM, lifetime, { group, hub })
}

function carrier(tags: Tags = {}): TrackedResource {
  return { id: GROUP, name: 'rg', tags }
}
const expires = (ms: number) => ({ 'iot-expires': at(ms) })

describe('how long an environment lives', () => {
  test.each<[string, Wanted, Tags, string]>([
    ['for ever, and is to, is kept', {}, {}, 'keep'],
    [
      'for ever, and is to end, is written',
      { expiresAfter: DAY },
      {},
      'renew: .*: absent → 2026-01-02.*no end yet'
    ],
    [
      'a time, and is to for ever, is removed',
      {},
      expires(DAY),
      'renew: .*→ absent, `expires-after` is no longer given'
    ],
    ['as long as it is to is kept', { expiresAfter: DAY }, expires(DAY), 'keep'],
    [
      'a minute longer by another clock is kept',
      { expiresAfter: DAY },
      expires(DAY + 60_000),
      'keep'
    ],
    [
      'more than a minute longer is shortened',
      { expiresAfter: DAY },
      expires(DAY + 60_001),
      'renew: .*shorter now'
    ],
    ['more than half of its time is kept', { expiresAfter: DAY }, expires(DAY / 2 + 1), 'keep'],
    [
      'half of its time is put off',
      { expiresAfter: DAY },
      expires(DAY / 2),
      'renew: .*less than half'
    ],
    ['no longer is put off', { expiresAfter: DAY }, expires(-DAY), 'renew: .*less than half'],
    [
      'until what is no instant is left',
      { expiresAfter: DAY },
      { 'iot-expires': 'soon' },
      'keep: The tag'
    ],
    [
      'until what is no instant, and is to for ever, is left',
      {},
      { 'iot-expires': 'soon' },
      'keep: The tag'
    ],
    ['with a branch that is recorded is kept', {}, { 'iot-branch': 'b' }, 'keep'],
    ['with that branch is kept', { branch: { livesWith: 'b' } }, { 'iot-branch': 'b' }, 'keep'],
    [
      'with another branch is written',
      { branch: { livesWith: 'c' } },
      { 'iot-branch': 'b' },
      'renew: iot-branch: b → c, it follows its branch'
    ],
    [
      'with a branch no more is removed',
      { branch: { livesWith: undefined } },
      { 'iot-branch': 'b' },
      'renew: iot-branch: b → absent, it follows no branch'
    ],
    [
      'with a branch from now on is written',
      { branch: { livesWith: 'c' } },
      {},
      'renew: iot-branch: absent → c'
    ],
    [
      'until what is no instant, with another branch, tells both',
      { branch: { livesWith: 'c' } },
      { 'iot-expires': 'soon' },
      'renew: iot-branch.*: The tag'
    ]
  ])('%s', (_what, wanted, tags, line) => {
    const verdict = stepOf(wanted).judge({ carrier: carrier(tags) }, seeing())
    const { action, reason, warning } = verdict as {
      action: string
      reason?: string
      warning?: string
    }
    expect([action, reason, warning].filter(Boolean).join(': ')).toMatch(new RegExp(`^${line}`))
    expect(warning === undefined).toBe(!line.includes('The tag'))
  })

  test('is nowhere to be written without a carrier', () => {
    const step = stepOf({ expiresAfter: DAY })
    expect(step.judge({ carrier: undefined }, seeing())).toEqual({ action: 'keep' })
    expect(step.state?.({ carrier: undefined })).toBeUndefined()
    expect(step.unmetRequirement({ carrier: undefined })).toBeUndefined()
  })

  test.each<[Tags, object | undefined]>([
    [{}, undefined],
    [expires(0), { expires: at(0) }],
    [{ 'iot-branch': 'b' }, { branch: 'b' }],
    [
      { ...expires(0), 'iot-branch': 'b' },
      { expires: at(0), branch: 'b' }
    ]
  ])('is told of %j as %j', (tags, state) => {
    expect(stepOf({}).state?.({ carrier: carrier(tags) })).toEqual(state)
  })

  test.each<[string, Wanted, Tags, readonly object[], Tags]>([
    [
      'what is new',
      { expiresAfter: DAY },
      { a: '1' },
      [{ set: expires(DAY) }],
      { a: '1', ...expires(DAY) }
    ],
    ['what is gone', {}, { a: '1', ...expires(DAY) }, [{ removed: expires(DAY) }], { a: '1' }],
    ['nothing', {}, { a: '1' }, [], { a: '1' }]
  ])('is written as %s', async (_what, wanted, tags, written, after) => {
    const log: unknown[] = []
    const step = stepOf(wanted, log)
    const facts = { carrier: carrier(tags) }
    const verdict = { action: 'renew', reason: 'x' } as const
    const done = await step.apply({
      facts,
      verdict,
      see: seeing(),
      signal,
      ...ALONE,
      progress: () => {}
    })
    expect(log).toEqual(written)
    expect(done.carrier?.tags).toEqual(after)
  })
})

describe('what carries the lifetime', () => {
  test.each<[string, Owner | undefined, Owner | undefined, string | undefined]>([
    ['a group of ours', 'ours', 'ours', GROUP],
    ['a hub of ours in a shared group', 'shared', 'ours', HUB],
    ['nothing where both are shared', 'shared', 'shared', undefined],
    ['nothing while there is no group', undefined, 'ours', undefined],
    ['nothing while there is no hub in a shared group', 'shared', undefined, undefined]
  ])('is %s', async (_what, ofGroup, ofHub, id) => {
    const see = seeing(
      [group, groupFacts(ofGroup)],
      [hub, { resource: ofHub && tracked(ofHub, HUB) }]
    )
    expect((await stepOf({}).observe(see, signal)).carrier?.id).toBe(id)
    expect(hubCarriesLifetime(CLAIM, group, see)).toBe(ofGroup === 'shared')
  })
})

describe('the lifetime that is wanted', () => {
  test.each<[Wanted, Tags, string | undefined]>([
    [{}, {}, undefined],
    [{ expiresAfter: DAY }, expires(DAY), at(DAY)],
    [{ branch: { livesWith: 'b' } }, { 'iot-branch': 'b' }, undefined]
  ])('%j is born with %j', ({ expiresAfter, branch = 'as recorded' }, tags, end) => {
    const ownership = { ...OWNERSHIP, branch }
    const lifetime = new WantedLifetime(azureOf(), { expiresAfter, ownership })
    expect([lifetime.born(), lifetime.end()]).toEqual([tags, end])
  })

  test('goes by Azure’s clock as soon as Azure has told its time', () => {
    const lifetimeBy = (now: () => number | undefined) =>
      new WantedLifetime(azureOf({ now }), { expiresAfter: 1, ownership: OWNERSHIP }).now()
    expect([lifetimeBy(() => 7), lifetimeBy(() => undefined)]).toEqual([7, clockAt().now()])
  })
})
