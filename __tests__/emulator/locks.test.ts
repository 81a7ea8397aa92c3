import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { addLock } from '../../emulator/locks.ts'
import { ask } from '../scenarios/client.ts'
import { ARM, arm as armOf, token } from './deployer.ts'

const GROUP = '/resourceGroups/rg'
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/uid`
const GROUPS = '2021-04-01'
const IDENTITIES = '2024-11-30'

let azure: Emulator
let authorization = ''
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
  authorization = `Bearer ${await token(azure)}`
})
beforeEach(async () => {
  azure.reset()
  await arm('PUT', GROUP, GROUPS, { location: 'westeurope' })
  await arm('PUT', IDENTITY, IDENTITIES, { location: 'westeurope' })
})
afterAll(() => azure.stop())

const arm = (method: string, path: string, version: string, body?: unknown) =>
  armOf(azure, method, path, version, body, { authorization })
const at = (path: string) => `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${path}`
const lock = (method: string, path: string, body?: unknown) =>
  arm(method, `${path}/providers/Microsoft.Authorization/locks/l`, '2020-05-01', body)
const locked = { status: 409, body: { error: { code: 'ScopeLocked' } } }

/** Names of the locks that a list at a scope tells. */
async function names(path: string, filter = '') {
  const { body } = await ask(azure.env, {
    url: `${ARM}${at(path)}/providers/Microsoft.Authorization/locks?api-version=2016-09-01${filter}`,
    headers: { authorization }
  })
  return body.value.map(({ name }: { name: string }) => name).sort()
}

describe('a lock', () => {
  it('against deletion protects what it hangs on, what is in that, and what holds it', async () => {
    for (const scope of ['', GROUP, IDENTITY]) {
      addLock(azure.world, at(scope), 'CanNotDelete')
      expect(await arm('DELETE', IDENTITY, IDENTITIES)).toMatchObject(locked)
      expect(await arm('DELETE', GROUP, GROUPS)).toMatchObject(locked)
      const written = await arm('PUT', IDENTITY, IDENTITIES, { location: 'westeurope' })
      expect(written.status).toBe(200)
      azure.world.locks.clear()
    }
    expect((await arm('DELETE', IDENTITY, IDENTITIES)).status).toBe(200)
  })

  it('against changes forbids writes as well, and reads never', async () => {
    addLock(azure.world, at(GROUP), 'ReadOnly')
    const body = { location: 'westeurope' }
    expect(await arm('PUT', IDENTITY, IDENTITIES, body)).toMatchObject(locked)
    expect(await arm('DELETE', IDENTITY, IDENTITIES)).toMatchObject(locked)
    expect((await arm('GET', IDENTITY, IDENTITIES)).status).toBe(200)
    const tags = { operation: 'Merge', properties: { tags: { a: 'b' } } }
    const path = `${IDENTITY}/providers/Microsoft.Resources/tags/default`
    expect(await arm('PATCH', path, GROUPS, tags)).toMatchObject(locked)
    const grant = `${GROUP}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-4111-8111-111111111111`
    const properties = { roleDefinitionId: at('/x'), principalId: 'p' }
    expect(await arm('PUT', grant, '2022-04-01', { properties })).toMatchObject(locked)
    // Not what holds it: that is only written to.
    azure.world.locks.clear()
    addLock(azure.world, at(IDENTITY), 'ReadOnly')
    expect((await arm('PUT', GROUP, GROUPS, body)).status).toBe(200)
  })

  it('says in the words of Azure which scope is locked', async () => {
    addLock(azure.world, at(GROUP), 'CanNotDelete')
    const { body } = await arm('DELETE', IDENTITY, IDENTITIES)
    expect(body.error.message).toBe(
      `The scope '${at(IDENTITY)}' cannot perform delete operation because following scope(s) are locked: '${at(GROUP)}'. Please remove the lock and try again.`
    )
  })

  it('is made, read and taken away, and goes with what it hangs on', async () => {
    const properties = { level: 'CanNotDelete', notes: 'keep' }
    expect((await lock('GET', GROUP)).status).toBe(404)
    expect((await lock('PUT', GROUP, { properties })).status).toBe(201)
    expect((await lock('PUT', GROUP, { properties })).status).toBe(200)
    expect((await lock('GET', GROUP)).body).toMatchObject({ name: 'l', properties })
    expect(azure.state().locks).toMatchObject({
      [`${at(GROUP)}/providers/Microsoft.Authorization/locks/l`]: {}
    })
    expect((await lock('DELETE', GROUP)).status).toBe(200)
    expect((await lock('DELETE', GROUP)).status).toBe(204)
    expect((await lock('PUT', GROUP, { properties: { level: 'None' } })).status).toBe(400)
    expect((await lock('PUT', `${GROUP}x`, { properties })).body.error.code).toBe(
      'ResourceGroupNotFound'
    )
  })

  it('needs rights of its own: a contributor reads it and cannot write it', async () => {
    azure.configure({ deployer: { grants: [{ role: 'Contributor', scope: at('') }] } })
    addLock(azure.world, at(GROUP), 'CanNotDelete', 'l')
    expect((await lock('GET', GROUP)).status).toBe(200)
    expect((await lock('DELETE', GROUP)).body.error.code).toBe('AuthorizationFailed')
    azure.configure({ deployer: { grants: [] } })
    // Who may not do it anyway is not told of the lock.
    const deleted = await arm('DELETE', IDENTITY, IDENTITIES)
    expect(deleted.body.error.code).toBe('AuthorizationFailed')
  })

  it('is listed where it holds, and where something in it is locked', async () => {
    addLock(azure.world, at(''), 'CanNotDelete', 'subscription')
    addLock(azure.world, at(GROUP), 'CanNotDelete', 'group')
    addLock(azure.world, at(IDENTITY), 'CanNotDelete', 'identity')
    addLock(azure.world, at('/resourceGroups/other'), 'CanNotDelete', 'other')
    expect(await names('')).toEqual(['group', 'identity', 'other', 'subscription'])
    expect(await names(GROUP)).toEqual(['group', 'identity', 'subscription'])
    expect(await names(GROUP, '&$filter=atScope()')).toEqual(['group', 'subscription'])
    expect(await names(IDENTITY)).toEqual(['group', 'identity', 'subscription'])
  })
})
