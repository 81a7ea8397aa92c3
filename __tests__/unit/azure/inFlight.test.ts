import { setTimeout } from 'node:timers/promises'
import { createPipelineRequest, type PipelineRequest } from '@azure/core-rest-pipeline'
import { describe, expect, it } from '@jest/globals'
import { InFlight } from '../../../src/azure/http/inFlight.ts'

/** A network that notes how many are under way, and in which order they began. */
function network() {
  const begun: string[] = []
  let running = 0
  let most = 0
  const client = {
    async sendRequest(request: PipelineRequest) {
      begun.push(request.url)
      most = Math.max(most, ++running)
      await setTimeout(1)
      running--
      if (request.url.endsWith('fails')) throw new Error('broken')
      return { status: 200, headers: request.headers, request }
    }
  }
  return { client, begun, most: () => most }
}

const ask = (name: string, abortSignal?: AbortSignal) =>
  createPipelineRequest({ url: `https://azure/${name}`, ...(abortSignal && { abortSignal }) })

describe('requests in flight', () => {
  it('are so many at once, in the order in which they came', async () => {
    const { client, begun, most } = network()
    const limited = new InFlight(client, 2)
    const names = ['a', 'b', 'c', 'd', 'e']
    await Promise.all(names.map((name) => limited.sendRequest(ask(name))))
    expect(most()).toBe(2)
    expect(begun.map((url) => url.at(-1))).toEqual(names)
  })

  it('that fail, or are given up before they were sent, make room for others', async () => {
    const { client, begun } = network()
    const limited = new InFlight(client, 1)
    const stop = new AbortController()
    const results = Promise.allSettled([
      limited.sendRequest(ask('fails')),
      limited.sendRequest(ask('given-up', stop.signal)),
      limited.sendRequest(ask('last'))
    ])
    stop.abort(new Error('the run is over'))
    expect((await results).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled'
    ])
    expect(begun).toEqual(['https://azure/fails', 'https://azure/last'])
  })
})
