import { describe, expect, it, jest } from '@jest/globals'
import { remembered } from '../../../src/azure/signIn/tokenMemory.ts'

const HOUR = 3_600_000

/** A credential that counts, on a clock that is set by hand. */
function counting() {
  let now = 0
  let asked = 0
  const time = { now: () => now, sleep: async () => {} }
  const credential = remembered(
    {
      getToken: async (scopes) => {
        asked++
        if (scopes === 'broken') throw new Error('no')
        return { token: `${scopes} ${asked}`, expiresOnTimestamp: now + HOUR }
      }
    },
    time
  )
  return { credential, asked: () => asked, wait: (ms: number) => (now += ms) }
}

describe('a token', () => {
  it('is asked for once, by however many at once, for each scope', async () => {
    const { credential, asked } = counting()
    await Promise.all([credential.getToken('a'), credential.getToken('a')])
    await credential.getToken('a')
    expect(asked()).toBe(1)
    await credential.getToken('b')
    expect(asked()).toBe(2)
  })

  it('is asked for again two minutes before it ends, once', async () => {
    const { credential, asked, wait } = counting()
    await credential.getToken('a')
    wait(HOUR - 121_000)
    await credential.getToken('a')
    expect(asked()).toBe(1)
    wait(2_000)
    await Promise.all([credential.getToken('a'), credential.getToken('a')])
    expect(asked()).toBe(2)
  })

  it('is asked for again when Azure refused it, and the new one is kept', async () => {
    const { credential } = counting()
    await credential.getToken('a')
    const refused = await credential.getToken('a', { claims: '{}' })
    expect(refused?.token).toBe('a 2')
    expect(await credential.getToken('a')).toEqual(refused)
  })

  it('for claims is asked for once, by however many clients that are challenged', async () => {
    const { credential, asked } = counting()
    await credential.getToken('a')
    const claims = '{"access_token":{}}'
    const both = await Promise.all([1, 2].map(() => credential.getToken('a', { claims })))
    expect(both[0]).toEqual(both[1])
    expect(await credential.getToken('a', { claims })).toEqual(both[0])
    expect(asked()).toBe(2)
    await credential.getToken('a', { claims: '{}' })
    expect(asked()).toBe(3)
  })

  it('that Azure takes for expired is replaced once, by however many clients', async () => {
    const { credential, asked } = counting()
    const refused = (await credential.getToken('a'))?.token ?? ''
    await Promise.all([1, 2].map(() => credential.getToken('a', { refused })))
    await credential.getToken('a', { refused })
    expect(asked()).toBe(2)
  })

  it('that could not be had is asked for again', async () => {
    const { credential, asked } = counting()
    await expect(credential.getToken('broken')).rejects.toThrow('no')
    await expect(credential.getToken('broken')).rejects.toThrow('no')
    expect(asked()).toBe(2)
  })
})

describe('several who ask at once', () => {
  const time = { now: () => 0, sleep: async () => {} }

  it('are told the same failure, and only who comes later asks again', async () => {
    const getToken = jest.fn(async (): Promise<never> => {
      throw new Error('refused')
    })
    const memory = remembered({ getToken }, time)
    const asked = [memory.getToken('scope'), memory.getToken('scope'), memory.getToken('scope')]
    const ends = await Promise.allSettled(asked)
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(getToken).toHaveBeenCalledTimes(1)
    await expect(memory.getToken('scope')).rejects.toThrow('refused')
    expect(getToken).toHaveBeenCalledTimes(2)
  })
})
