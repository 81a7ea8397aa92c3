import {
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type InternalPipelineOptions
} from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { CLOUD } from '../../../src/azure/clouds.ts'
import { ForeignHostError, HostGuard } from '../../../src/azure/http/hostGuard.ts'
import { clientOptions } from '../../../src/azure/http/pipeline.ts'
import { fakeAzure } from './fakeAzure.ts'

const ARM = { name: 'Azure Resource Manager', hosts: ['management.azure.com'] }
const reached = (hosts: readonly string[], url: string): Promise<boolean> => {
  const http = { sendRequest: async () => Promise.reject(new Error('reached')) }
  return new HostGuard(http, { name: 'x', hosts }).sendRequest(createPipelineRequest({ url })).then(
    () => true,
    (error: Error) => {
      if (error.message === 'reached') return true
      expect(error).toBeInstanceOf(ForeignHostError)
      return false
    }
  )
}

describe('the guard', () => {
  it.each([
    'https://attacker.example/',
    'https://management.azure.com.attacker.example/',
    'https://management.azure.com@attacker.example/',
    'https://attacker.example/#management.azure.com',
    'https://attacker.example\\@management.azure.com/',
    'https://management.azure.com:8443/',
    'https://notmanagement.azure.com/',
    'https://management.azure.com./',
    'http://management.azure.com/',
    'management.azure.com'
  ])('holds %s', async (url) => {
    expect(await reached(ARM.hosts, url)).toBe(false)
  })

  it.each(Object.entries(CLOUD))(
    'lets the hosts of %s pass, each to its own',
    async (name, own) => {
      const dps = own.dpsHosts.replace('*', 'a-dps')
      expect(await reached([own.dpsHosts], `https://${dps}/enrollmentGroups`)).toBe(true)
      expect(await reached([own.dpsHosts], `https://${dps.replace('a-dps.', 'a-dps')}/`)).toBe(
        false
      )
      expect(await reached([own.dpsHosts], `https://${dps}.attacker.example/`)).toBe(false)
      for (const host of own.entraHosts) {
        expect(await reached(own.entraHosts, `https://${host.replace('*', 'eastus')}/`)).toBe(true)
      }
      expect(await reached(own.entraHosts, own.authority)).toBe(true)
      for (const [cloud, other] of Object.entries(CLOUD)) {
        if (cloud === name) continue
        expect(await reached(own.entraHosts, other.authority)).toBe(false)
        expect(await reached([own.dpsHosts], other.dpsHosts.replace('*.', 'https://x.'))).toBe(
          false
        )
      }
    }
  )

  it('stands below redirects and retries: neither the one nor the other gets past it', async () => {
    const azure = fakeAzure({ status: 307, headers: { location: 'https://attacker.example/' } })
    const options = clientOptions(azure.transport, ARM, undefined)
    const redirectOptions = { maxRetries: 5, allowCrossOriginRedirects: true }
    const pipeline = createPipelineFromOptions({
      ...options,
      redirectOptions
    } as InternalPipelineOptions)
    for (const { policy } of options.additionalPolicies) pipeline.addPolicy(policy)
    const request = createPipelineRequest({
      url: 'https://management.azure.com/x',
      headers: createHttpHeaders({ authorization: 'Bearer token' })
    })
    await expect(pipeline.sendRequest(options.httpClient, request)).rejects.toThrow(
      ForeignHostError
    )
    expect(azure.requests).toHaveLength(1)
    expect(azure.notices).toEqual([])
  })

  it('tells the host, the source and what to do, and neither query nor password', () => {
    const url = 'https://user:password@attacker.example/path?sig=secret'
    const source = { doing: 'list things', told: 'Azure said to go on at' }
    const error = new ForeignHostError(url, ARM, { ...source, doing: 'x' }).cameFrom(source)
    expect(error.message).toContain('attacker.example')
    expect(error.message).toContain('Azure Resource Manager (management.azure.com)')
    expect(error.message).toMatch(/^Could not list things\.\nAzure said to go on at the host /)
    expect(error.message).toContain('What to do')
    expect(error.message).not.toMatch(/password|secret/)
  })
})
