import { expect, test } from '@jest/globals'
import { GroupReader } from '../../../../src/generations/certificateAuthorities/groupReader.ts'
import type { LinkingNamespace } from '../../../../src/generations/certificateAuthorities/model.ts'
import { refused, signal } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { GROUP, namespaceWith } from './sample.ts'

const NAMESPACE = namespaceWith({})
const { identity: _identity, ...ANONYMOUS } = NAMESPACE

const ASSIGNED = expect.stringContaining(
  `${GROUP}/providers/Microsoft.Authorization/roleAssignments/`
)

test.each<[string, LinkingNamespace | undefined, boolean, unknown]>([
  ['is given and left to be found', NAMESPACE, true, ASSIGNED],
  ['is an administrator’s to give', NAMESPACE, false, undefined],
  ['is given to nobody while the identity is not known', ANONYMOUS, true, undefined],
  ['is given to nobody without a namespace', undefined, true, undefined]
])('Reader on a group %s', async (_what, namespace, manage, id) => {
  const reader = new GroupReader(azureOf({ put: () => ({}), get: () => ({}) }), GROUP, { manage })
  expect(await reader.give(namespace, signal)).toEqual(id)
  expect(await reader.left(namespace, signal)).toEqual(id)
})

test.each<[string, Error, string | undefined]>([
  ['somebody has it for good', refused(409, 'RoleAssignmentExists'), undefined],
  ['the group is gone', refused(404, 'ResourceGroupNotFound'), undefined],
  ['it is refused', refused(403, 'Denied'), 'Azure said Denied'],
  ['something else fails', new Error('broken'), 'broken']
])('Reader is not given when %s', async (_when, failure, text) => {
  const put = () => {
    throw failure
  }
  const given = new GroupReader(azureOf({ put }), GROUP, { manage: true }).give(NAMESPACE, signal)
  if (text === undefined) expect(await given).toBeUndefined()
  else await expect(given).rejects.toThrow(text)
})

test('Reader that nobody left is not found, and only what is known is taken back', async () => {
  const deleted: string[] = []
  const azure = azureOf({ get: () => undefined, delete: (id: string) => void deleted.push(id) })
  const reader = new GroupReader(azure, GROUP, { manage: true })
  expect(await reader.left(NAMESPACE, signal)).toBeUndefined()
  await reader.takeBack(undefined, signal)
  await reader.takeBack('/a', signal)
  expect(deleted).toEqual(['/a'])
})
