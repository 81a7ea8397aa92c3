import { describe, expect, test } from '@jest/globals'
import { type GrantFacts, type GrantOptions, grantsStep } from '../../../src/steps/grants.ts'
import { CONTRIBUTOR, READER } from '../../../src/steps/roles.ts'
import {
  ALONE,
  type Answers,
  GROUP,
  HUB,
  refused,
  seeing,
  seeNothing,
  signal,
  standIn
} from '../resources/sample.ts'
import { azureOf } from './sample.ts'

const ROLES = [CONTRIBUTOR, READER]
const assignment = (role: { readonly id: string }, scope?: string, id = `${role.id}-1`) => ({
  id: `/x/providers/Microsoft.Authorization/roleAssignments/${id}`,
  properties: {
    roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role.id.toUpperCase()}`,
    ...(scope !== undefined && { scope })
  }
})

interface World {
  readonly may?: boolean | undefined
  readonly readsOnly?: boolean
  readonly principal?: string | undefined
  readonly exists?: boolean
}

function stepOf(
  more: Partial<GrantOptions> = {},
  answers: Answers = {},
  { may, readsOnly = false, ...world }: World = {}
) {
  const permissions = { allows: async () => may, readsOnly: async () => readsOnly }
  return grantsStep(azureOf(answers, { permissions }), {
    id: 'grant/x',
    kind: 'Roles',
    phase: 'hub',
    scope: HUB,
    roles: ROLES,
    principal: () => ('principal' in world ? world.principal : 'p'),
    scopeExists: () => world.exists ?? true,
    needs: [],
    reads: [],
    ...more
  })
}

const facts = (more: Partial<GrantFacts> = {}): GrantFacts => ({
  principalId: 'p',
  missing: [],
  held: [],
  ...more
})

describe('what is granted', () => {
  test.each<[string, readonly object[], readonly string[], number]>([
    [
      'on this scope counts, and is held',
      [assignment(CONTRIBUTOR, HUB.toUpperCase())],
      ['Reader'],
      1
    ],
    ['above it counts, and is not held', [assignment(CONTRIBUTOR, GROUP)], ['Reader'], 0],
    [
      'beside it does not count',
      [assignment(CONTRIBUTOR, `${HUB}2`)],
      ['Contributor', 'Reader'],
      0
    ],
    [
      'below it does not count',
      [assignment(CONTRIBUTOR, `${HUB}/x`)],
      ['Contributor', 'Reader'],
      0
    ],
    [
      'of another role does not count',
      [assignment({ id: 'other' }, HUB)],
      ['Contributor', 'Reader'],
      0
    ],
    [
      'of both roles leaves nothing',
      [assignment(CONTRIBUTOR, HUB), assignment(READER, HUB)],
      [],
      2
    ],
    ['without anything said does not count', [{ id: '/x' }], ['Contributor', 'Reader'], 0]
  ])('%s', async (_what, list, missing, held) => {
    const found = await stepOf({}, { list: () => list }).observe(seeNothing, signal)
    expect(found.missing.map(({ name }) => name)).toEqual(missing)
    expect(found.held).toHaveLength(held)
  })

  test.each<[string, World, boolean | undefined]>([
    ['to nobody yet is all missing', { principal: undefined, may: true }, true],
    ['on nothing yet is all missing', { exists: false, may: true }, true],
    ['may be granted', { may: true }, true],
    ['may not be granted', { may: false }, false],
    ['is not known to one that only reads', { may: false, readsOnly: true }, undefined],
    ['may be granted by one that reads as well', { may: true, readsOnly: true }, true],
    ['is not known where Azure does not tell', { may: undefined }, undefined]
  ])('%s', async (_what, world, mayGrant) => {
    const found = await stepOf({}, { list: () => [] }, world).observe(seeNothing, signal)
    expect(found.missing).toEqual(ROLES)
    expect(found.mayGrant).toBe(mayGrant)
  })

  test('already is not asked whether it may be', async () => {
    const list = () => ROLES.map((role) => assignment(role, HUB))
    expect(await stepOf({}, { list }).observe(seeNothing, signal)).not.toHaveProperty('mayGrant')
  })
})

describe('roles', () => {
  const late = standIn('/dps', { kind: 'DPS', late: () => 'Azure to tell its id' })
  test.each<[string, GrantFacts, Partial<GrantOptions>, object]>([
    ['that are granted are kept', facts(), {}, { action: 'keep' }],
    [
      'that are all missing are granted',
      facts({ missing: ROLES, mayGrant: true }),
      {},
      { action: 'create', changes: [{ property: 'Contributor' }, { property: 'Reader' }] }
    ],
    [
      'that are missing in part are granted',
      facts({ missing: [READER], mayGrant: true }),
      {},
      { action: 'change', changes: [{ property: 'Reader' }] }
    ],
    [
      'that may not be granted stop',
      facts({ missing: ROLES, mayGrant: false }),
      {},
      { action: 'cannot', problems: [{ what: expect.stringContaining('are missing') }] }
    ],
    [
      'of which one may not be granted stop',
      facts({ missing: [READER], mayGrant: false }),
      {},
      { action: 'cannot', problems: [{ what: expect.stringContaining('is missing') }] }
    ],
    [
      'of which nobody knows say so',
      facts({ missing: ROLES }),
      {},
      { action: 'create', unchecked: [expect.any(String)] }
    ],
    [
      'of nobody yet are told as unknown',
      facts({ principalId: undefined, missing: ROLES, mayGrant: true }),
      {},
      { action: 'create', unknown: ['principalId'] }
    ],
    [
      'of somebody who is told late wait',
      facts({ principalId: undefined, missing: ROLES, mayGrant: false }),
      { reads: [late] },
      { action: 'await', reason: 'DPS: Azure to tell its id' }
    ],
    [
      'of somebody who is told wait for nothing',
      facts({ missing: ROLES, mayGrant: true }),
      { reads: [late] },
      { action: 'create' }
    ]
  ])('%s', (_what, found, more, verdict) => {
    const judged = stepOf(more).judge(found, seeing([late, {}]))
    expect(judged).toMatchObject(verdict)
    expect('unchecked' in judged).toBe('unchecked' in verdict)
    expect('unknown' in judged).toBe('unknown' in verdict)
  })

  test('that are missing are told to those that need them', () => {
    const step = stepOf()
    expect(step.unmetRequirement(facts())).toBeUndefined()
    expect(step.unmetRequirement(facts({ missing: ROLES }))).toBe(
      'not granted: Contributor, Reader'
    )
  })

  test('are checked one by one, once it is known whose they are', () => {
    const holds = (found: GrantFacts) =>
      stepOf()
        .checks?.(found, seeNothing)
        .map((check) => check.holds)
    expect(holds(facts({ missing: [READER] }))).toEqual([true, false])
    expect(holds(facts({ principalId: undefined, missing: ROLES }))).toEqual([])
  })
})

describe('the end of roles', () => {
  const PRINCIPAL = '/identity'
  test.each<[string, readonly string[], string | undefined, readonly string[], string | undefined]>(
    [
      ['that are not held is none', [], PRINCIPAL, [HUB, PRINCIPAL], undefined],
      ['comes with their scope', ['/a'], PRINCIPAL, [HUB], 'remove'],
      ['comes with their principal', ['/a'], PRINCIPAL, [PRINCIPAL], 'remove'],
      ['does not come while both stay', ['/a'], PRINCIPAL, ['/other'], 'leave'],
      ['of one that outlives it comes with the scope', ['/a'], undefined, [HUB], 'remove'],
      ['of one that outlives it does not come', ['/a'], undefined, ['/other'], 'leave']
    ]
  )('%s', (_what, held, principalResource, gone, action) => {
    const step = stepOf(principalResource === undefined ? {} : { principalResource })
    const verdict = step.teardown?.judge(facts({ held }), seeNothing, (one) => gone.includes(one))
    expect(verdict?.action).toBe(action)
  })
})

describe('a grant', () => {
  test.each<[string, readonly (Error | undefined)[], number | string]>([
    ['is made', [], 1],
    ['that somebody else has just made is one', [refused(409, 'RoleAssignmentExists')], 1],
    ['is tried again until the principal is known', [refused(400, 'PrincipalNotFound')], 2],
    ['is not tried again after a refusal', [refused(403, 'Denied')], 'Azure said Denied'],
    ['is not tried again after a failure', [new Error('broken')], 'broken']
  ])('%s', async (_what, failures, puts) => {
    const answers = [...failures]
    let count = 0
    const put = (_id: string, { body }: { body: object }) => {
      expect(body).toMatchObject({
        properties: { roleDefinitionId: expect.stringMatching(/^\/subscriptions\/s\/providers/) }
      })
      count += 1
      const failure = answers.shift()
      if (failure) throw failure
    }
    const done = stepOf({ roles: [READER] }, { put }).apply({
      facts: facts({ missing: [READER] }),
      see: seeNothing,
      signal,
      ...ALONE,
      progress: () => {},
      verdict: { action: 'create' }
    })
    if (typeof puts === 'string') await expect(done).rejects.toThrow(puts)
    else {
      expect(await done).toMatchObject({ missing: [], principalId: 'p' })
      expect(count).toBe(puts)
    }
  })
})

describe('a grant beside what it needs, which has only begun', () => {
  const NEED = standIn(HUB)
  interface Course {
    /** What each look tells of the principal; the last for ever. */
    readonly principals: readonly (string | undefined)[]
    /** What the first write meets. */
    readonly failure?: Error
    /** Whether the assignment is still there at the end. */
    readonly there?: boolean
    readonly end?: Error
  }

  /** @returns the principals that were granted something, in order; why it failed */
  async function grantBeside({ principals, failure, there = true, end }: Course) {
    const left = [...principals]
    const granted: (string | undefined)[] = []
    const failures = failure ? [failure] : []
    const put = (_id: string, { body }: { body: { properties: { principalId?: string } } }) => {
      granted.push(body.properties.principalId)
      const first = failures.shift()
      if (first) throw first
    }
    const step = stepOf(
      {
        roles: [READER],
        needs: [NEED],
        principal: () => (left.length > 1 ? left.shift() : left[0])
      },
      { put, get: () => (there ? {} : undefined) }
    )
    const ended = new Promise(setImmediate).then(() => {
      if (end) throw end
    })
    const error = await step
      .apply({
        ...ALONE,
        underWay: (one) => (one === NEED ? ended : undefined),
        news: () => new Promise(setImmediate),
        facts: facts({ missing: [READER] }),
        see: seeNothing,
        signal,
        progress: () => {},
        verdict: { action: 'create' }
      })
      .then(
        () => undefined,
        ({ message }: Error) => message
      )
    return { granted, error }
  }

  test.each<[string, Course, readonly string[], string | undefined]>([
    ['is made once', { principals: ['p'] }, ['p'], undefined],
    ['waits until the principal is told', { principals: [undefined, 'p'] }, ['p'], undefined],
    ['is made again where it has gone', { principals: ['p'], there: false }, ['p', 'p'], undefined],
    ['is made again for another principal', { principals: ['p', 'q'] }, ['p', 'q'], undefined],
    [
      'is made at the end where it was refused before',
      { principals: ['p'], failure: refused(404, 'ResourceNotFound') },
      ['p', 'p'],
      undefined
    ],
    [
      'fails for a reason of its own',
      { principals: ['p'], failure: new Error('broken') },
      ['p'],
      'broken'
    ],
    ['fails with what it needs', { principals: ['p'], end: new Error('gone') }, ['p'], 'gone'],
    [
      'is not made for nobody',
      { principals: [undefined] },
      [],
      `Azure has not told the principal id that Roles on ${HUB} need; run again.`
    ]
  ])('%s', async (_what, course, granted, error) => {
    expect(await grantBeside(course)).toEqual({ granted, error })
  })
})
