import { describe, expect, test } from '@jest/globals'
import {
  areThere,
  assignmentName,
  assignmentsAt,
  assignRoles,
  grants,
  principalOfOwn,
  type RoleAssignment,
  scopeOf
} from '../../../src/steps/roleAssignments.ts'
import { CONTRIBUTOR, READER } from '../../../src/steps/roles.ts'
import { armOf, clockAt, GROUP, HUB, refused, signal } from '../resources/sample.ts'

const APP = 'app'

function assignment(
  more: RoleAssignment['properties'] = {},
  name = 'n',
  at = GROUP
): RoleAssignment {
  const roleDefinitionId = `/x/${CONTRIBUTOR.id.toUpperCase()}`
  return { id: `${assignmentsAt(at)}/${name}`, properties: { roleDefinitionId, ...more } }
}

describe('an assignment', () => {
  test.each<[string, RoleAssignment, string]>([
    ['is given where it says', assignment({ scope: `${HUB}/` }), HUB],
    ['is given where its id says', assignment(), GROUP],
    ['may say nothing', { id: `${assignmentsAt(GROUP)}/n` }, GROUP]
  ])('%s', (_what, one, scope) => {
    expect(scopeOf(one)).toBe(scope)
  })

  test.each<[string, RoleAssignment, boolean]>([
    ['gives its role there', assignment({ scope: HUB.toUpperCase() }), true],
    ['gives its role from above', assignment(), true],
    ['gives nothing beside it', assignment({ scope: HUB.slice(0, -1) }), false],
    ['gives no other role', assignment({ roleDefinitionId: READER.id }), false],
    ['gives nothing that it does not say', { id: '/x' }, false]
  ])('%s', (_what, one, gives) => {
    expect(grants(one, CONTRIBUTOR, HUB)).toBe(gives)
  })
})

describe('the principal of an assignment of our own', () => {
  const name = assignmentName(GROUP, 'p', CONTRIBUTOR, APP)
  const own = { principalId: 'p', principalType: 'ServicePrincipal' }
  test.each<[string, RoleAssignment, string | undefined]>([
    ['is told by its name', assignment(own, name.toUpperCase()), 'p'],
    ['is not that of another name', assignment(own), undefined],
    [
      'is not that of another application',
      assignment(own, assignmentName(GROUP, 'p', CONTRIBUTOR)),
      undefined
    ],
    [
      'is not one that was deleted',
      assignment({ ...own, principalType: 'Unknown' }, name),
      undefined
    ],
    [
      'is not told without an id',
      assignment({ principalType: 'ServicePrincipal' }, name),
      undefined
    ],
    [
      'is not that of another scope',
      assignment({ ...own, scope: '/subscriptions/s' }, name),
      undefined
    ],
    [
      'is not that of another role',
      assignment({ ...own, roleDefinitionId: READER.id }, name),
      undefined
    ],
    ['is not that of one which says nothing', { id: assignment({}, name).id }, undefined]
  ])('%s', (_what, one, principal) => {
    expect(principalOfOwn([one], GROUP, CONTRIBUTOR, APP)).toBe(principal)
  })
})

test.each([
  ['of a resource of ours', undefined, 'ce660d47-14a0-81ae-9278-7a1e0410fb06'],
  ['of an application', APP, '42d30116-a0a7-84db-93b5-cf2023d3b9d7']
])('the name of a grant to the principal %s never changes', (_of, application, name) => {
  expect(assignmentName(GROUP, 'p', CONTRIBUTOR, application)).toBe(name)
  expect(assignmentName(GROUP.toUpperCase(), 'P', CONTRIBUTOR, application)).toBe(name)
})

describe('roles are assigned', () => {
  const UNKNOWN = refused(400, 'PrincipalNotFound')
  const EXISTS = refused(409, 'RoleAssignmentExists')
  const FORBIDDEN = refused(403, 'AuthorizationFailed')
  const RESET = new Error('reset')

  /** @param answers to one write after the other */
  async function assign(...answers: readonly (Error | undefined)[]) {
    const left = [...answers]
    const put = () => {
      const answer = left.shift()
      if (answer) throw answer
      return {}
    }
    const azure = { arm: armOf({ put }), time: clockAt() }
    const assignee = { scope: HUB, principalId: 'p', application: APP }
    const task = { roles: [CONTRIBUTOR, READER], signal, progress: () => {} }
    const made = await assignRoles(azure, assignee, task).then(
      (ids) => ids.map((id) => [CONTRIBUTOR, READER].findIndex((role) => id === idOf(role))),
      (error: Error) => error
    )
    return { made, writes: answers.length - left.length }
  }

  const idOf = (role: typeof CONTRIBUTOR) =>
    `${assignmentsAt(HUB)}/${assignmentName(HUB, 'p', role, APP)}`

  test.each<[string, readonly (Error | undefined)[], unknown]>([
    ['one after the other', [undefined, undefined], [0, 1]],
    ['again while nobody knows the principal', [UNKNOWN, UNKNOWN, undefined, undefined], [0, 1]],
    ['not where somebody has', [EXISTS, undefined], [1]],
    ['not where that is forbidden', [FORBIDDEN], FORBIDDEN],
    ['not where something else fails', [RESET], RESET]
  ])('%s', async (_what, answers, made) => {
    expect(await assign(...answers)).toEqual({ made, writes: answers.length })
  })

  test.each<[string, readonly string[], boolean]>([
    ['all of them', ['/a', '/b'], true],
    ['none of them', [], true],
    ['one that is gone', ['/a', '/gone'], false]
  ])('and looked at again: %s', async (_what, ids, there) => {
    const arm = armOf({ get: (id: string) => (id === '/gone' ? undefined : {}) })
    expect(await areThere({ arm }, ids, signal)).toBe(there)
  })
})
