import { describe, expect, jest, test } from '@jest/globals'
import { ReadAhead } from '../../../src/azure/http/readAhead.ts'

const told = (text: string) => jest.fn(async () => text)
const failing = () =>
  jest.fn(async (): Promise<string> => {
    throw new Error('refused')
  })

describe('a read that is sent ahead', () => {
  test('is given out once: who asks again is told anew', async () => {
    const ahead = new ReadAhead()
    const [early, late] = [told('early'), told('late')]
    await ahead.during(async () => {
      ahead.ask('hub', early)
      expect(await ahead.take('hub', late)).toBe('early')
      expect(late).not.toHaveBeenCalled()
      expect(await ahead.take('hub', late)).toBe('late')
    })
  })

  test('is sent once under each key', async () => {
    const ahead = new ReadAhead()
    const read = told('early')
    await ahead.during(async () => {
      ahead.ask('hub', read)
      ahead.ask('hub', read)
    })
    expect(read).toHaveBeenCalledTimes(1)
  })

  test('serves nobody once the reading is over, and none is sent outside of one', async () => {
    const ahead = new ReadAhead()
    const [early, late] = [told('early'), told('late')]
    await ahead.during(async () => ahead.ask('hub', early))
    expect(await ahead.take('hub', late)).toBe('late')
    ahead.ask('hub', early)
    expect(early).toHaveBeenCalledTimes(1)
  })

  test('is over as well when the reading fails', async () => {
    const ahead = new ReadAhead()
    const look = ahead.during(async () => {
      ahead.ask('hub', told('early'))
      throw new Error('no')
    })
    await expect(look).rejects.toThrow('no')
    expect(await ahead.take('hub', told('late'))).toBe('late')
  })

  test('fails for whoever takes it, and for nobody else', async () => {
    const ahead = new ReadAhead()
    await ahead.during(async () => {
      ahead.ask('hub', failing())
      ahead.ask('dps', failing())
      await expect(ahead.take('hub', told('late'))).rejects.toThrow('refused')
    })
  })

  test('serves several who peek; a failed one tells them nothing', async () => {
    const ahead = new ReadAhead()
    await ahead.during(async () => {
      ahead.ask('list', told('all'))
      ahead.ask('other', failing())
      expect(await ahead.peek('list')).toBe('all')
      expect(await ahead.peek('list')).toBe('all')
      expect(await ahead.peek('other')).toBeUndefined()
      expect(await ahead.peek('third')).toBeUndefined()
    })
  })
})
