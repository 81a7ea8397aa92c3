import { expect, test } from '@jest/globals'
import type { Identity } from '../../../src/azure/clients/sdk.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { identityStep } from '../../../src/steps/identity.ts'
import {
  IDENTITY,
  seeNothing,
  signal,
  takeDown,
  target,
  toolsOf,
  tracked
} from '../resources/sample.ts'
import { azureOf, group } from './sample.ts'

const identity = (told: object, owner: Owner = 'ours', location = 'westeurope') =>
  tracked<Identity>(owner, IDENTITY, { location, ...told })
const TOLD = { principalId: 'p', clientId: 'c' }

function stepOf(found?: Identity, tools = toolsOf()) {
  const sdk = { getIdentity: async () => found }
  return identityStep(
    tools,
    azureOf({}, { sdk }),
    { target: target(IDENTITY), location: 'westeurope' },
    group
  )
}

test.each<[string, Identity | undefined, object]>([
  ['is made', undefined, { action: 'create' }],
  ['is kept', identity(TOLD), { action: 'keep' }],
  ['of ours is not moved', identity(TOLD, 'ours', 'eastus'), { action: 'cannot' }],
  ['that is shared works from any region', identity(TOLD, 'shared', 'eastus'), { action: 'keep' }],
  [
    'is waited for until its principal is told',
    identity({ clientId: 'c' }),
    { reason: 'Azure to tell its principal id' }
  ],
  [
    'is waited for until its client is told',
    identity({ principalId: 'p' }),
    { reason: 'Azure to tell its client id' }
  ]
])('an identity %s', (_what, resource, verdict) => {
  expect(stepOf().judge({ resource }, seeNothing)).toMatchObject(verdict)
})

test.each([
  [{}, []],
  [{ principalId: 'p' }, ['identity-principal-id']],
  [{ clientId: 'c' }, ['identity-client-id']],
  [TOLD, ['identity-principal-id', 'identity-client-id']]
])('an identity of which is told %j puts that out', (told, names) => {
  const outputs = Object.keys(stepOf().outputs?.({ resource: identity(told) }) ?? {})
  expect(outputs).toEqual(['identity-id', 'identity', ...names])
})

test('an identity that is to go has to tell its principal, by which grants are found', async () => {
  const purpose = takeDown({ usersOf: async () => [] })
  const observe = (told: object) =>
    stepOf(identity(told), toolsOf({ purpose })).observe(seeNothing, signal)
  await expect(observe({ clientId: 'c' })).rejects.toThrow('its principal id')
  expect(await observe({ principalId: 'p' })).toMatchObject({ contents: [] })
})
