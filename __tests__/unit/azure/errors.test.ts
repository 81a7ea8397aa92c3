import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { AzureError, refusalOf } from '../../../src/azure/errors/azureError.ts'

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
})
