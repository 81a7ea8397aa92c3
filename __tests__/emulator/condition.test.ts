import { describe, expect, it } from '@jest/globals'
import { type Attempt, readCondition } from '../../emulator/condition.ts'

const WRITE = 'Microsoft.Authorization/roleAssignments/write'
const DELETE = 'Microsoft.Authorization/roleAssignments/delete'
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
const OWNER = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635'
const ROLE = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]'
const TYPE = '@Request[Microsoft.Authorization/roleAssignments:PrincipalType]'

const allows = (text: string, attempt: Partial<Attempt>) =>
  readCondition(text)({ action: WRITE, ...attempt })
const role = (id: string) => ({ request: { roledefinitionid: `/x/roleDefinitions/${id}` } })

describe('a condition', () => {
  it('says nothing of actions that it does not match', () => {
    const text = `!(ActionMatches{'${WRITE}'}) OR ${ROLE} ForAnyOfAnyValues:GuidEquals {${READER}}`
    expect(allows(text, { action: DELETE })).toBe(true)
    expect(allows(text, role(READER))).toBe(true)
    expect(allows(text, role(OWNER))).toBe(false)
    expect(allows(text.replace('/write', '/*'), { action: DELETE })).toBe(false)
  })

  it('compares with any value, or with all of them', () => {
    const any = `${ROLE} ForAnyOfAnyValues:GuidNotEquals {${READER}, ${OWNER}}`
    expect(allows(any, role(READER))).toBe(true)
    const all = any.replace('AnyOfAny', 'AnyOfAll')
    expect(allows(all, role(READER))).toBe(false)
    expect(allows(all, role('b24988ac-6180-42a0-ab88-20f7382dd24c'))).toBe(true)
  })

  it('is not fulfilled by an attribute that the request does not have, nor by that of the other side', () => {
    const text = `${TYPE} ForAnyOfAnyValues:StringEqualsIgnoreCase {'serviceprincipal'}`
    expect(allows(text, { request: { principaltype: 'ServicePrincipal' } })).toBe(true)
    expect(allows(text, { request: {} })).toBe(false)
    expect(allows(text, { resource: { principaltype: 'ServicePrincipal' } })).toBe(false)
  })

  it('joins by AND, OR and NOT, in words and in signs', () => {
    const [yes, no] = [`ActionMatches{'${WRITE}'}`, `ActionMatches{'${DELETE}'}`]
    for (const [text, holds] of [
      [`${yes} AND ${no}`, false],
      [`${yes} && (${no} || ${yes})`, true],
      [`NOT ${no} and not (${yes} && ${no})`, true],
      [`!(${yes} OR ${no})`, false]
    ] as const)
      expect([text, allows(text, {})]).toEqual([text, holds])
  })

  it.each([
    ['', 'ends too early'],
    ["(ActionMatches{'a'}", 'ends too early'],
    ["ActionMatches{'a'} XOR ActionMatches{'b'}", "'XOR' is not expected"],
    ["ActionMatches{'a'} AND ActionMatches{'b'} OR ActionMatches{'c'}", "'OR' is not expected"],
    [`${ROLE} ForAnyOfAnyValues:GuidLike {${OWNER}}`, "'ForAnyOfAnyValues:GuidLike'"],
    [`${ROLE} GuidEquals {${OWNER}}`, "'GuidEquals'"],
    [`${ROLE.replace('RoleDefinitionId', 'Scope')} ForAnyOfAnyValues:GuidEquals {x}`, "'Scope'"],
    ["@Resource[Microsoft.Storage/x:name] StringEquals 'a'", 'is not understood']
  ])('that is not understood is refused: %s', (text, why) => {
    expect(() => readCondition(text)).toThrow(why)
  })
})
