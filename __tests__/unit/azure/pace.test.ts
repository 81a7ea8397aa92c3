import { describe, expect, it } from '@jest/globals'
import { Arm } from '../../../src/azure/clients/arm.ts'
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
      await new Arm(azure.transport, ENDPOINT).post('/act', { apiVersion: 'v', operation: 'act' })
      // Two seconds is the least that is paused, between one poll and the next.
      expect(performance.now() - started).toBeGreaterThan(1_900)
      expect(azure.requests).toHaveLength(3)
    },
    20_000
  )
})
