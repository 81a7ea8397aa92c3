import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { FOREIGN_HOST } from '../../emulator/foreign.ts'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { ask } from '../scenarios/client.ts'

let azure: Emulator
beforeAll(async () => {
  azure = await startEmulator({ profile: 'instant' })
})
afterAll(() => azure.stop())

const REPOSITORY = 'https://api.github.com/repos/octo-org/octo-repo'
const authorization = 'token ghs_emulated'

it('leads away from an answer, and keeps what arrives there', async () => {
  const effect = { kind: 'foreign', address: 'nextLink' } as const
  azure.setFaults([{ effect }])
  const { headers } = await ask(azure.env, {
    url: `${REPOSITORY}/issues/7/comments`,
    headers: { authorization }
  })
  const [, next = ''] = /^<(.*)>; rel="next"$/.exec(headers.link ?? '') ?? []
  expect(new URL(next).host).toBe(FOREIGN_HOST)
  const answer = await ask(azure.env, { url: next, headers: { authorization } })
  expect(answer.status).toBe(200)
  expect(azure.requests.at(-1)).toMatchObject({
    host: FOREIGN_HOST,
    requestHeaders: { authorization: 'token …' }
  })
})

it('redirects, as it is told to', async () => {
  azure.setFaults([{ effect: { kind: 'foreign', address: 'redirect', status: 308 } }])
  await ask(azure.env, { url: REPOSITORY, headers: { authorization } })
  expect(azure.requests.slice(-2)).toMatchObject([
    { status: 308, fault: 'foreign' },
    { host: FOREIGN_HOST, status: 200 }
  ])
})
