import { describe, expect, test } from '@jest/globals'
import { Graph } from '../../../src/azure/clients/graph.ts'
import { SignInError } from '../../../src/azure/signIn/signInError.ts'
import { type Answer, fakeAzure } from './fakeAzure.ts'

const signal = new AbortController().signal
const APP = 'application'
const found: Answer = { status: 200, body: { value: [{ id: 'object' }] } }
const none: Answer = { status: 200, body: { value: [] } }
const denied: Answer = { status: 403, body: { error: { code: 'Denied', message: 'no' } } }

async function look(answers: readonly Answer[], signIn?: Error, times = 1) {
  const azure = fakeAzure(...answers)
  const credential = signIn && { getToken: () => Promise.reject(signIn) }
  const graph = new Graph(
    { ...azure.transport, ...(credential && { credential }) },
    'https://graph.microsoft.com'
  )
  let told = await graph.servicePrincipal(APP, signal)
  for (let time = 1; time < times; time++) told = await graph.servicePrincipal(APP, signal)
  return { ...told, requests: azure.requests.length }
}

describe('the object id of an application', () => {
  test('is told', async () => {
    expect(await look([found])).toEqual({ objectId: 'object', requests: 1 })
  })

  test.each<[string, readonly Answer[], Error | undefined, string, boolean]>([
    ['is none yet', [none], undefined, 'has no service principal in this tenant', false],
    ['is not told to everybody', [denied], undefined, 'Microsoft Graph refused to tell', true],
    [
      'is not told in what cannot be read',
      [{ status: 200, body: { odd: true } }],
      undefined,
      'Microsoft Graph did not tell',
      true
    ],
    [
      'is not told to who may not sign in there',
      [],
      new SignInError('AADSTS53003', 'no', undefined),
      'Microsoft Entra refused to tell',
      true
    ],
    [
      'is not told while nobody answers',
      [],
      new SignInError('SignInFailed', 'no', undefined),
      'Microsoft Entra did not tell',
      true
    ]
  ])('%s', async (_what, answers, signIn, reason, refused) => {
    const told = await look(answers, signIn)
    expect(told).toMatchObject({ objectId: undefined, refused })
    expect(told).toHaveProperty('reason', expect.stringContaining(reason))
  })

  test.each<[string, readonly Answer[], number]>([
    ['is asked for once', [found], 1],
    ['is asked for once, where it is refused', [denied], 1],
    ['is asked for again, while there is none', [none, found], 2]
  ])('%s', async (_what, answers, requests) => {
    expect(await look(answers, undefined, 2)).toMatchObject({ requests })
  })

  test('is not found out by a failure of ours', async () => {
    await expect(look([], new TypeError('ours'))).rejects.toThrow('ours')
  })
})
