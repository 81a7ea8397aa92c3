import { describe, expect, it } from '@jest/globals'
import { Arm } from '../../../src/azure/clients/arm.ts'
import { ReadAhead } from '../../../src/azure/http/readAhead.ts'
import { fakeAzure } from './fakeAzure.ts'

const ENDPOINT = 'https://management.azure.com'
const STATUS = `${ENDPOINT}/operations/1`

describe('an operation', () => {
  it.each(['-1', '0.5', 'soon', '0'])(
    'is asked for with a pause, whatever its `Retry-After: %s` says',
    async (wait) => {
      const headers = { 'azure-asyncoperation': STATUS, 'retry-after': wait }
      const azure = fakeAzure(
        { status: 202, headers },
        { status: 200, headers, body: { status: 'Running' } },
        { status: 200, headers, body: { status: 'Succeeded' } }
      )
      const started = performance.now()
      await new Arm(azure.transport, ENDPOINT, new ReadAhead()).post('/act', {
        apiVersion: 'v',
        operation: 'act'
      })
      // Two seconds is the least that is paused, between one poll and the next.
      expect(performance.now() - started).toBeGreaterThan(1_900)
      expect(azure.requests).toHaveLength(3)
    },
    20_000
  )

  it.each([
    ['10', [10_000]],
    ['1', [2_000]],
    ['900', [30_000]],
    ['0', []],
    [undefined, []]
  ])('that begins with `Retry-After: %s` is not asked for before', async (wait, slept) => {
    const headers = {
      'azure-asyncoperation': STATUS,
      ...(wait !== undefined && { 'retry-after': wait })
    }
    const azure = fakeAzure(
      { status: 202, headers },
      { status: 200, body: { status: 'Succeeded' } }
    )
    await new Arm(azure.transport, ENDPOINT, new ReadAhead()).post('/act', {
      apiVersion: 'v',
      operation: 'act'
    })
    expect(azure.requests).toHaveLength(2)
    expect(azure.slept).toEqual(slept)
  })
})
