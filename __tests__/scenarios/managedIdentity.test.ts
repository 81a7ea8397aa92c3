import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const CLIENT = 'c2b7e9d0-51f3-4c1b-a3a7-6d9e8b5f4033'
let server: Server | undefined

afterEach(() => void server?.close())

/** The endpoint for tokens of an App Service, which refuses. */
async function refusing(body: object): Promise<Readonly<Record<string, string>>> {
  server = createServer((_request, response) => {
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/token`,
    IDENTITY_HEADER: 'header-of-this-machine',
    NO_PROXY: '127.0.0.1'
  }
}

describe('a managed identity', () => {
  it.each([
    ['that the machine does not have', { 'client-id': CLIENT }, CLIENT],
    ['of the machine itself', { 'client-id': '' }, 'of this machine']
  ])('%s is named, with what to do', async (_which, inputs, name) => {
    const env = await refusing({
      error: 'invalid_request',
      error_description: 'Identity not found',
      statusCode: 400,
      message: 'No managed identity found'
    })
    const job = { env: { ...env, AZURE_CLIENT_ID: '' } }
    const run = await scenario.run({ credential: 'managed-identity', ...inputs }, job)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(`Could not sign in as the managed identity ${name}`)
    expect(run.failure).toContain('NO_PROXY: 169.254.169.254')
    expect(run.failure).toContain('#managedidentityfailed')
    expect(run.failure).toContain(`The proxy is ${scenario.azure.env.HTTPS_PROXY}`)
    expect(run.failure).not.toContain('aka.ms')
  })
})
