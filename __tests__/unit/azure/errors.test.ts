import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { AzureError, NoAnswerError, refusalOf } from '../../../src/azure/errors/azureError.ts'
import {
  type MissingRight,
  missingRight,
  missingRightText
} from '../../../src/azure/errors/missingRight.ts'

function refusal(status: number, body: unknown, headers: Record<string, string> = {}) {
  return refusalOf({
    request: createPipelineRequest({ url: 'https://management.azure.com/x' }),
    status,
    headers: createHttpHeaders(headers),
    bodyAsText: typeof body === 'string' ? body : JSON.stringify(body)
  })
}

describe('refusalOf', () => {
  it('reads the envelope of ARM down to the innermost message', () => {
    const body = {
      error: { code: 'Outer', message: 'outer', details: [{ code: 'Inner', message: 'the cause' }] }
    }
    expect(refusal(409, body)).toMatchObject({ status: 409, code: 'Outer', reason: 'the cause' })
  })

  it('reads the flat envelope of Microsoft.Devices, whatever the type of its code', () => {
    expect(refusal(400, { code: 400004, httpStatusCode: 'BadRequest', message: 'no' }).code).toBe(
      '400004'
    )
    expect(refusal(400, { code: 'BadRequest', message: 'no' }).code).toBe('BadRequest')
  })

  it('reads the envelope of the DPS data plane', () => {
    expect(refusal(403, { errorCode: 403000, message: 'not yet' })).toMatchObject({
      code: '403000',
      reason: 'not yet'
    })
  })

  it('survives a page of HTML', () => {
    expect(refusal(502, '<html>', { 'content-type': 'text/html' })).toMatchObject({
      code: 'HTTP 502',
      reason: expect.stringContaining('text/html')
    })
  })
})

describe('AzureError', () => {
  it('tells what was done, to what, what Azure said, what to do and the ids for support', () => {
    const error = new AzureError('grant Contributor', '/subscriptions/s/x', {
      status: 403,
      code: 'AuthorizationFailed',
      reason:
        "The client does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/write'",
      correlationId: 'c-1',
      requestId: 'r-1'
    })
    for (const part of [
      'grant Contributor',
      '/subscriptions/s/x',
      'AuthorizationFailed',
      'HTTP 403',
      'role-assignments: skip',
      'c-1',
      'r-1'
    ]) {
      expect(error.message).toContain(part)
    }
  })

  it('finds the code of IoT hub inside a message', () => {
    const error = new AzureError('create', 'x', {
      status: 400,
      code: 'BadRequest',
      reason: 'errorCode: IH400913, no permissions'
    })
    expect(error.innerCode).toBe('IH400913')
    expect(error.message).toContain('Azure Device Registry Contributor')
  })

  it.each([
    ['unable to verify the first certificate', 'NODE_EXTRA_CA_CERTS', true],
    ['self-signed certificate in certificate chain', 'NODE_EXTRA_CA_CERTS', true],
    ['getaddrinfo ENOTFOUND x.example', 'NO_PROXY', false]
  ])('without an answer: %s', (said, advice, lasting) => {
    const request = { method: 'GET', url: 'https://x.example/a?sig=secret' }
    const error = new NoAnswerError(request, 'CODE', new Error(said))
    expect(error.message).toContain(advice)
    expect(error.message).not.toContain('secret')
    expect(error.lasting).toBe(lasting)
  })
})

describe('a right that is missing', () => {
  const reason = (action: string, scope: string) =>
    `The client 'c' with object id 'o' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.`
  const group = '/subscriptions/s/resourceGroups/g'

  it.each([
    [
      'Microsoft.Devices/IotHubs/write',
      `${group}/providers/Microsoft.Devices/IotHubs/h`,
      'Contributor',
      group
    ],
    [
      'Microsoft.Devices/IotHubs/read',
      `${group}/providers/Microsoft.Devices/IotHubs/h`,
      'Reader',
      group
    ],
    [
      'Microsoft.Resources/subscriptions/resourcegroups/write',
      group,
      'Contributor',
      '/subscriptions/s'
    ]
  ])('%s at %s: %s', (action, scope, role, place) => {
    const right = missingRight('AuthorizationFailed', reason(action, scope))
    expect(right).toEqual({ objectId: 'o', action, scope })
    const text = missingRightText(right as MissingRight)
    expect(text).toContain(
      `az role assignment create --assignee-object-id o --assignee-principal-type ServicePrincipal --role "${role}" --scope ${place}\``
    )
  })

  it.each(['write', 'delete'])(
    'to %s role assignments is only to be given as the README gives it, under its condition',
    (verb) => {
      const action = `Microsoft.Authorization/roleAssignments/${verb}`
      const right = missingRight('AuthorizationFailed', reason(action, group)) as MissingRight
      for (const allowed of [false, undefined]) {
        const text = missingRightText(right, allowed)
        expect(text).toContain('README.md#setting-up-azure-once')
        expect(text).toContain('role-assignments: skip')
        expect(text).not.toContain('az role assignment create')
      }
    }
  )

  it.each([
    ['Microsoft.Devices/register/action', 'az provider register --namespace'],
    ['Microsoft.DeviceRegistry/locations/operationStatuses/read', 'Azure continues'],
    ['Microsoft.Authorization/roleAssignments/write', 'role-assignments: skip']
  ])(
    '%s comes with what is known of it, and with no role that has it besides',
    (action, advice) => {
      const error = new AzureError('do', 'x', {
        status: 403,
        code: 'AuthorizationFailed',
        reason: reason(action, '/subscriptions/s')
      })
      expect(error.message).toContain(`lacks \`${action}\` at /subscriptions/s`)
      expect(error.message).toContain(advice)
      expect(error.message).not.toContain('az role assignment create')
    }
  )

  describe('or a condition that is not fulfilled', () => {
    const either = (action: string) =>
      reason(action, group).replace(
        'does not have authorization',
        'does not have authorization or an ABAC condition not fulfilled'
      )
    const write = 'Microsoft.Authorization/roleAssignments/write'

    it('is told as both, with what to do about either', () => {
      const right = missingRight('AuthorizationFailed', either(write)) as MissingRight
      expect(right).toMatchObject({ objectId: 'o', action: write, scope: group })
      for (const allowed of [true, false, undefined]) {
        const text = missingRightText(right, allowed)
        expect(text).toContain('add the role to the condition')
        expect(text).toContain('if not, give it the right to grant roles')
      }
      expect(missingRightText(right)).toContain('lacks')
      expect(missingRightText(right)).toContain('or a condition on its role forbids this')
    })

    it('of another right than that to grant roles has nothing to do with the roles of the README', () => {
      const right = missingRight('AuthorizationFailed', either('Microsoft.Devices/IotHubs/write'))
      const text = missingRightText(right as MissingRight)
      expect(text).toContain('or a condition on its role forbids this')
      expect(text).toContain('--role "Contributor"')
      expect(text).not.toContain('ROLES')
    })
  })

  it('is not made up where Azure does not tell', () => {
    expect(missingRight('AuthorizationFailed', 'No.')).toBeUndefined()
    expect(missingRight('Forbidden', reason('a', 'b'))).toBeUndefined()
  })
})
