import { describe, expect, it } from '@jest/globals'
import { apply, endState, Pool, told } from './pool.ts'

const pool = new Pool('fast')

describe('races', () => {
  it.each([2, 10])('%d simultaneous applies of one environment end as one', async (count) => {
    const [states] = await pool.map([0], async (azure) => {
      const runs = await Promise.all(Array.from({ length: count }, () => apply(azure)))
      for (const run of runs) expect(told(run)).not.toContain('::error')
      const raced = endState(azure)
      azure.reset()
      await apply(azure)
      return [raced, endState(azure)]
    })
    expect(states?.[0]).toBe(states?.[1])
  })

  it('apply against destroy ends with one of the two, and the next run settles it', async () => {
    await pool.map([0], async (azure) => {
      await apply(azure)
      await Promise.all([
        apply(azure, { operation: 'destroy', confirm: 'test', location: '' }),
        apply(azure, { tags: 'team=iot' })
      ])
      expect(told(await apply(azure))).not.toContain('::error')
      const again = await apply(azure)
      expect(again.outputs.changed).toBe('false')
    })
  })
})

describe('cancellation', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s says what is done, what goes on and what to do',
    async (signal) => {
      await pool.map([0], async (azure) => {
        azure.configure({ latency: { hubCreate: 120_000 } })
        const inflight = (async () => {
          const asked = () =>
            azure.requests.some(
              ({ method, url, status }) =>
                method === 'PUT' && /\/IotHubs\/[^/]+\?/.test(url) && status === 201
            )
          while (!asked()) await new Promise((resolve) => setTimeout(resolve, 10))
          return signal
        })()
        const run = await apply(azure, { summary: 'true' }, { interrupt: inflight })
        expect(run.exitCode).toBe(1)
        const [, failure = ''] = /::error [^:]*::(.*)/.exec(run.log) ?? []
        expect(failure).toContain(`The run was cancelled (${signal})`)
        expect(failure).toContain('IoT hub hub-test')
        expect(failure).toContain('run again')
        expect(run.summary).toContain('- Resource group, ')
        expect(run.outputs['namespace-id']).toBeDefined()
        expect(run.log).not.toMatch(/unhandled/i)
        const next = await apply(azure)
        expect(told(next)).not.toContain('::error')
      })
    }
  )
})
