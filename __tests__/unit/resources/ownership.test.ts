import { describe, expect, test } from '@jest/globals'
import type { Claim } from '../../../src/resources/claim.ts'
import {
  changedTags,
  creationTags,
  type Differences,
  isOurs,
  judgeExisting,
  judgeRemoval,
  type Standing,
  tagChanges
} from '../../../src/resources/ownership.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { ADOPTING, CLAIM, HUB, tagsOf, tracked } from './sample.ts'

const STANDING: Standing = { kind: 'IoT hub', input: 'hub', byId: false, lost: false }
const NEWER: Claim = { ...CLAIM, serviceVersion: '2026-11-01' }
const FIXED: Differences = { fixed: [{ property: 'sku', before: 'S1', after: 'S2' }] }
const MUTABLE: Differences = {
  fixed: [],
  mutable: [{ property: 'weight', before: 1, after: 2 }]
}
const NONE: Differences = { fixed: [] }

/** A verdict in one line: what is done, and for what reason. */
function lineOf(
  verdict: ReturnType<typeof judgeExisting> | ReturnType<typeof judgeRemoval>
): string {
  const { action } = verdict
  if (action === 'cannot') return `cannot: ${verdict.problems.map(({ what }) => what).join()}`
  if (action === 'change') return `change ${verdict.changes.map((one) => one.property).join()}`
  return 'reason' in verdict && verdict.reason ? `${action}: ${verdict.reason}` : action
}

describe('whose a resource is', () => {
  test.each<[Owner, boolean, boolean]>([
    ['ours', true, true],
    ['shared', false, true],
    ['unproven', false, true],
    ['sibling', false, false],
    ['foreign', false, false]
  ])('%s: may be changed %s, with adopt %s', (owner, plain, adopting) => {
    const resource = tracked(owner, HUB)
    expect([isOurs(CLAIM, resource), isOurs(ADOPTING, resource)]).toEqual([plain, adopting])
  })
})

describe('what exists', () => {
  test.each<[string, Owner, Claim, Partial<Standing>, Differences, string]>([
    ['ours as wanted is kept', 'ours', CLAIM, {}, NONE, 'keep'],
    ['ours is repaired', 'ours', CLAIM, {}, MUTABLE, 'change weight'],
    ['ours cannot become what is fixed', 'ours', CLAIM, {}, FIXED, 'cannot: .*in place'],
    ['ours of another model stays of it', 'ours', NEWER, {}, NONE, 'cannot: .*service version'],
    ['shared is used as it is', 'shared', CLAIM, {}, NONE, 'keep: shared'],
    ['shared that does not fit stops', 'shared', CLAIM, {}, MUTABLE, 'cannot: .*shared'],
    ['shared that can never fit stops', 'shared', CLAIM, {}, FIXED, 'cannot: .*in place'],
    ['shared knows no model', 'shared', NEWER, {}, NONE, 'keep: shared'],
    ['without tags among tagged ones', 'shared', CLAIM, { lost: true }, NONE, 'keep: its tags are'],
    ['a sibling by name is refused', 'sibling', CLAIM, {}, NONE, 'cannot: .*belongs to'],
    ['a sibling by id is shared', 'sibling', CLAIM, { byId: true }, NONE, 'keep: shared'],
    [
      'a sibling has lost nothing',
      'sibling',
      CLAIM,
      { byId: true, lost: true },
      NONE,
      'keep: shared'
    ],
    [
      'a sibling of another model is shared',
      'sibling',
      NEWER,
      { byId: true },
      NONE,
      'keep: shared'
    ],
    ['foreign is refused', 'foreign', CLAIM, {}, NONE, 'cannot: .*belongs to'],
    ['foreign by id is refused', 'foreign', CLAIM, { byId: true }, NONE, 'cannot: .*belongs to'],
    ['foreign is never adopted', 'foreign', ADOPTING, { byId: true }, NONE, 'cannot: .*belongs to'],
    ['unproven is refused', 'unproven', CLAIM, {}, NONE, 'cannot: .*is not considered'],
    ['unproven is marked by adopt', 'unproven', ADOPTING, {}, NONE, 'change tags.iot-mark'],
    [
      'unproven of another model is not adopted',
      'unproven',
      { ...NEWER, adopt: true },
      {},
      NONE,
      'cannot: .*service version'
    ]
  ])('%s', (_what, owner, claim, standing, differences, line) => {
    const verdict = judgeExisting(
      claim,
      tracked(owner, HUB),
      { ...STANDING, ...standing },
      differences
    )
    expect(lineOf(verdict)).toMatch(new RegExp(`^${line}`))
  })

  test('shared is given all tags by adopt, and changed with them', () => {
    const verdict = judgeExisting(ADOPTING, tracked('shared', HUB), STANDING, MUTABLE)
    expect(lineOf(verdict)).toMatch(/^change tags\.managed-by.*weight$/)
  })

  test('is told to be deleted only where it is ours', () => {
    const adviceFor = (owner: Owner) => {
      const verdict = judgeExisting(CLAIM, tracked(owner, HUB), STANDING, FIXED)
      return verdict.action === 'cannot' ? (verdict.problems[0]?.advice ?? '') : ''
    }
    expect(adviceFor('ours')).toContain('az resource delete')
    expect(adviceFor('shared')).not.toContain('az resource delete')
  })

  test('ours keeps the name that the repository had when it was made', () => {
    const renamed = tracked('ours', HUB, {
      tags: { ...tagsOf('ours', HUB), 'iot-repository': 'octo/old' }
    })
    expect(judgeExisting(CLAIM, renamed, STANDING, NONE)).toEqual({ action: 'keep' })
  })

  test('without any tags is compared with the user’s own tags', () => {
    const claim = { ...CLAIM, tags: { team: 'iot' } }
    expect(lineOf(judgeExisting(claim, tracked('ours', HUB), STANDING, NONE))).toBe(
      'change tags.team'
    )
  })
})

describe('what is to go', () => {
  test.each<[string, Owner, Claim, boolean, string]>([
    ['ours goes', 'ours', CLAIM, false, 'remove'],
    ['ours of another model stays', 'ours', NEWER, false, 'leave: it was made with the service'],
    ['shared stays', 'shared', CLAIM, false, 'leave: shared: it does not carry'],
    ['shared that has lost its tags stays', 'shared', CLAIM, true, 'leave: it carries no tags'],
    ['unproven stays', 'unproven', CLAIM, false, 'leave: it carries the tags of this'],
    ['a sibling’s stays', 'sibling', CLAIM, false, "leave: it belongs to environment 'test'"],
    ['foreign stays', 'foreign', CLAIM, false, "leave: it belongs to environment 'prod'"],
    ['adopt makes nothing go', 'shared', ADOPTING, false, 'leave: shared']
  ])('%s', (_what, owner, claim, lost, line) => {
    const verdict = judgeRemoval(claim, tracked(owner, HUB), lost)
    expect(lineOf(verdict)).toMatch(new RegExp(`^${line}`))
  })

  test('of another model counts as this environment’s own', () => {
    expect(judgeRemoval(NEWER, tracked('ours', HUB))).toHaveProperty('own', true)
    expect(judgeRemoval(CLAIM, tracked('shared', HUB))).not.toHaveProperty('own')
  })
})

describe('tags', () => {
  test.each([
    ['that are there are no change', { team: 'iot' }, []],
    ['compare by name without case', { TEAM: 'iot' }, []],
    ['of others stay', { team: 'iot', cost: '1' }, []],
    ['that differ are changed', { team: 'x' }, [['tags.team', 'x', 'iot']]],
    ['that are missing are added', {}, [['tags.team', undefined, 'iot']]]
  ])('%s', (_what, present, changes) => {
    const found = tagChanges(present as Record<string, string>, { team: 'iot' })
    expect(found.map(({ property, before, after }) => [property, before, after])).toEqual(changes)
  })

  test('among the changes are merged alone', () => {
    expect(
      changedTags([
        { property: 'tags.team', before: undefined, after: 'iot' },
        { property: 'weight', before: 1, after: 2 }
      ])
    ).toEqual({ team: 'iot' })
  })

  test('of a new resource are the user’s, the owner’s and the model’s', () => {
    const tags = creationTags({ ...CLAIM, tags: { team: 'iot' } }, HUB)
    expect(tags).toEqual({ team: 'iot', ...tagsOf('ours', HUB) })
    expect(tags).toHaveProperty('iot-service-version', CLAIM.serviceVersion)
  })
})
