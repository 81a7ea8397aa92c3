import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fetch } from '../../../src/github/fetch.ts'

const GONE = 'gone'
const headers = { authorization: 'token secret' }

/** What arrived: method, path, token. */
let arrived: (readonly [string, string, string])[]
let servers: readonly Server[]

function hear({ method = '', url = '', headers: sent }: IncomingMessage) {
  arrived.push([method, url, sent.authorization ?? GONE])
}

/** @returns its address */
async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void
): Promise<string> {
  const server = createServer((request, response) => {
    hear(request)
    answer(request, response)
  })
  servers = [...servers, server]
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function json(response: ServerResponse, status: number, body: unknown) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Leads every path but /there elsewhere. */
function leading(status: number, to = '/there') {
  return ({ url }: IncomingMessage, response: ServerResponse) => {
    if (url === '/there') json(response, 200, { there: true })
    else response.writeHead(status, { location: to }).end()
  }
}

beforeEach(() => {
  arrived = []
  servers = []
})

afterEach(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
})

describe('fetch for octokit', () => {
  it('gives status, headers and body', async () => {
    const at = await serve((_request, response) => json(response, 201, { made: 1 }))
    const answer = await fetch(`${at}/x`, { method: 'POST', headers, body: '{}' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([201, 'application/json'])
    expect(await answer.json()).toEqual({ made: 1 })
    expect(arrived).toEqual([['POST', '/x', 'token secret']])
  })

  it('has no body where there is none', async () => {
    const at = await serve((_request, response) => response.writeHead(204).end())
    expect((await fetch(at)).body).toBeNull()
  })

  it.each([301, 302, 307, 308])('follows %i at the same host with the token', async (status) => {
    const at = await serve(leading(status))
    expect((await fetch(`${at}/here`, { headers })).status).toBe(200)
    expect(arrived).toEqual([
      ['GET', '/here', 'token secret'],
      ['GET', '/there', 'token secret']
    ])
  })

  it('leaves the token behind on the way to another host', async () => {
    const elsewhere = await serve(leading(301))
    const at = await serve(leading(301, `${elsewhere}/there`))
    await fetch(`${at}/here`, { headers })
    expect(arrived.at(-1)).toEqual(['GET', '/there', GONE])
  })

  it.each([
    [303, 'GET'],
    [307, 'POST']
  ])('sends what %i leads on with %s', async (status, method) => {
    const at = await serve(leading(status))
    await fetch(`${at}/here`, { method: 'POST', headers, body: '{}' })
    expect(arrived.at(-1)).toEqual([method, '/there', 'token secret'])
  })

  it('does not go round for ever', async () => {
    const at = await serve(leading(302, '/round'))
    expect((await fetch(`${at}/round`)).status).toBe(302)
    expect(arrived).toHaveLength(21)
  })

  it('takes a refusal of GitHub’s as an answer, and a proxy’s as none', async () => {
    const at = await serve(({ url }, response) => {
      if (url === '/github') json(response, 404, { message: 'Not Found' })
      else response.writeHead(407).end('<html>')
    })
    expect((await fetch(`${at}/github`)).status).toBe(404)
    await expect(fetch(`${at}/proxy`)).rejects.toThrow('HTTP 407')
  })
})
