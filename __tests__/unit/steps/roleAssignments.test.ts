import { describe, expect, test } from '@jest/globals'
import {
  assignmentName,
  grants,
  principalOfOwn,
  type RoleAssignment
} from '../../../src/steps/roleAssignments.ts'
import { CONTRIBUTOR, READER } from '../../../src/steps/roles.ts'

const SUBSCRIPTION = '/subscriptions/11111111-1111-4111-8111-111111111111'
const GROUP = `${SUBSCRIPTION}/resourceGroups/rg-iot`
const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub`
const PRINCIPAL = '6c1d0b7f-8e24-4b53-9a9c-3e7f5d2c1b55'
const APPLICATION = '89d10474-74af-4874-99a7-c23c2f643083'

interface Made {
  readonly scope: string
  readonly name: string
  readonly principalId: string
  readonly principalType: string
  readonly role: string
}

function assignment(made: Partial<Made> = {}): RoleAssignment {
  const { scope = GROUP, principalId = PRINCIPAL, role = CONTRIBUTOR.id } = made
  const name = made.name ?? assignmentName(GROUP, PRINCIPAL, CONTRIBUTOR, APPLICATION)
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    properties: {
      scope,
      principalId,
      principalType: made.principalType ?? 'ServicePrincipal',
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`
    }
  }
}

describe('an assignment gives a role on a scope', () => {
  test.each<[string, RoleAssignment, string, boolean]>([
    ['made there', assignment({ scope: HUB }), HUB, true],
    ['made on the group', assignment(), HUB, true],
    ['made on the subscription', assignment({ scope: SUBSCRIPTION }), HUB, true],
    ['spelled in other letters', assignment({ scope: HUB.toUpperCase() }), HUB, true],
    ['made below it', assignment({ scope: HUB }), GROUP, false],
    ['made on a sibling whose name it begins', assignment({ scope: HUB }), `${HUB}2`, false],
    ['of another role', assignment({ role: READER.id }), GROUP, false]
  ])('%s', (_, made, scope, holds) => {
    expect(grants(made, CONTRIBUTOR, scope)).toBe(holds)
  })
})

describe('the principal of an application is known by an assignment of ours', () => {
  test.each<[string, Partial<Made>, string | undefined]>([
    ['that bears our name', {}, PRINCIPAL],
    [
      'not by one that somebody else named',
      { name: '0f5c6a2e-7a51-4f0e-8f0b-0d6b7b5f7a11' },
      undefined
    ],
    [
      'not by the name of a grant to an identity',
      { name: assignmentName(GROUP, PRINCIPAL, CONTRIBUTOR) },
      undefined
    ],
    [
      'not by our name under another principal',
      { principalId: '7d1d0b7f-8e24-4b53-9a9c-3e7f5d2c1b55' },
      undefined
    ],
    ['not by one whose principal is gone', { principalType: 'Unknown' }, undefined],
    ['not by one on another scope', { scope: HUB }, undefined],
    ['not by one of another role', { role: READER.id }, undefined]
  ])('%s', (_, made, principal) => {
    expect(principalOfOwn([assignment(made)], GROUP, CONTRIBUTOR, APPLICATION)).toBe(principal)
  })
})

test('a name is a GUID of version 8, the same for the same grant in any letters', () => {
  const name = assignmentName(GROUP, PRINCIPAL, CONTRIBUTOR)
  expect(name).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(assignmentName(GROUP.toUpperCase(), PRINCIPAL, CONTRIBUTOR)).toBe(name)
  expect(assignmentName(HUB, PRINCIPAL, CONTRIBUTOR)).not.toBe(name)
})
