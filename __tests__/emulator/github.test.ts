import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { ask } from '../scenarios/client.ts'

let azure: Emulator
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
})
beforeEach(() => azure.reset())
afterAll(() => azure.stop())

const API = 'https://api.github.com'
const REPOSITORY = `${API}/repos/octo-org/octo-repo`
const get = (url: string, authorization = 'token ghs_emulated') =>
  ask(azure.env, { url, headers: authorization === '' ? {} : { authorization } })

describe('a repository', () => {
  it('tells its default branch, to whoever may not read its contents as well', async () => {
    azure.configure({ github: { defaultBranch: 'trunk', canReadContents: false } })
    expect(await get(REPOSITORY)).toMatchObject({
      status: 200,
      body: { id: 123456789, full_name: 'octo-org/octo-repo', default_branch: 'trunk' }
    })
    expect((await get(`${API}/repos/octo-org/other`)).status).toBe(404)
    expect((await get(REPOSITORY, '')).status).toBe(401)
    const refused = { status: 403, body: { message: 'Resource not accessible by integration' } }
    expect(await get(`${REPOSITORY}/branches`)).toMatchObject(refused)
    expect(await get(`${REPOSITORY}/branches/main`)).toMatchObject(refused)
  })
})

describe('a branch', () => {
  it('is found by its name, slashes encoded or not', async () => {
    azure.configure({ github: { branches: ['main', 'feature/a b'] } })
    for (const name of ['feature/a%20b', 'feature%2Fa%20b']) {
      const found = await get(`${REPOSITORY}/branches/${name}`)
      expect(found).toMatchObject({ status: 200, body: { name: 'feature/a b', protected: false } })
    }
    const gone = { status: 404, body: { message: 'Branch not found' } }
    expect(await get(`${REPOSITORY}/branches/feature`)).toMatchObject(gone)
  })

  it('that was renamed leads to its new name, unless another has the old one', async () => {
    const renamedBranches = { 'old/one': 'new/one' }
    azure.configure({ github: { branches: ['new/one'], renamedBranches } })
    // The client follows the redirect by itself.
    expect(await get(`${REPOSITORY}/branches/old%2Fone`)).toMatchObject({
      status: 200,
      body: { name: 'new/one' }
    })
    const url = `${API}/repositories/123456789/branches/new/one`
    expect(azure.requests.at(-2)).toMatchObject({
      status: 301,
      responseHeaders: { location: url },
      responseBody: { message: 'Moved Permanently', url }
    })
    azure.configure({ github: { branches: ['new/one', 'old/one'] } })
    expect((await get(`${REPOSITORY}/branches/old/one`)).body.name).toBe('old/one')
  })
})

describe('the account of a token', () => {
  const viewer = (query: string) =>
    ask(azure.env, {
      url: `${API}/graphql`,
      method: 'POST',
      headers: { authorization: 'token ghs_emulated' },
      body: { query }
    })

  it('is told by GraphQL, and by REST to a person alone', async () => {
    const query = 'query { viewer { login } }'
    expect((await viewer(query)).body.data).toEqual({ viewer: { login: 'github-actions[bot]' } })
    expect((await get(`${API}/user`)).status).toBe(403)
    azure.configure({ github: { login: 'octocat' } })
    expect((await get(`${API}/user`)).body).toMatchObject({ login: 'octocat', type: 'User' })
    expect((await viewer('query { rateLimit { cost } }')).body.errors).toHaveLength(1)
  })
})
