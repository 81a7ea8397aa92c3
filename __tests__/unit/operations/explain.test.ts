import { expect, it } from '@jest/globals'
import { Arm } from '../../../src/azure/clients/arm.ts'
import { Permissions } from '../../../src/azure/clients/permissions.ts'
import { AzureError } from '../../../src/azure/errors/azureError.ts'
import { ReadAhead } from '../../../src/azure/http/readAhead.ts'
import { explained } from '../../../src/operations/explain.ts'
import { Ledger } from '../../../src/operations/session.ts'
import { fakeAzure } from '../azure/fakeAzure.ts'

it('what Azure said is explained as it said it, whatever it means to a replacement', async () => {
  const { transport } = fakeAzure({ status: 200, body: { value: [{ actions: ['*/read'] }] } })
  const permissions = new Permissions(
    new Arm(transport, 'https://management.azure.com', new ReadAhead())
  )
  const error = new AzureError('make', 'x', {
    status: 403,
    code: 'AuthorizationFailed',
    reason:
      "The client 'c' with object id 'o$&$`' does not have authorization to perform action 'A/b/write' over scope '/subscriptions/s' or the scope is invalid."
  })
  const told = await explained(error, new Ledger(), {
    permissions,
    offers: async () => [],
    signal: new AbortController().signal
  })
  expect((told as Error).message).toContain(
    'none of the roles of the deploying identity (object id o$&$`) has `A/b/write` at /subscriptions/s.'
  )
})

it('what is not served is told with what is', async () => {
  const { transport } = fakeAzure({ status: 200, body: { value: [] } })
  const error = new AzureError('create the credential', 'x', {
    status: 400,
    code: 'DisallowedResourceOperation',
    reason: "The operation 'write' on resource type 'namespaces/credentials' is disallowed."
  })
  const told = await explained(error, new Ledger(), {
    permissions: new Permissions(
      new Arm(transport, 'https://management.azure.com', new ReadAhead())
    ),
    offers: async () => ['  2026-11-01: offered in centralus'],
    signal: new AbortController().signal
  })
  expect((told as Error).message).toMatch(
    /is disallowed[\s\S]*\n {2}2026-11-01: offered in centralus\nWhat to do: set `service-version`/
  )
})
