import { describe, expect, it } from '@jest/globals'
import { Memo } from '../../../src/azure/http/memo.ts'

describe('what was asked for', () => {
  it('is asked for once, also by those that wait for it together', async () => {
    const memo = new Memo<number>()
    let asked = 0
    const ask = async () => ++asked
    expect(await Promise.all([memo.get('a', ask), memo.get('a', ask)])).toEqual([1, 1])
    expect(await memo.get('a', ask)).toBe(1)
    expect(await memo.get('b', ask)).toBe(2)
  })

  it('is asked for again after a failure, and once it is forgotten', async () => {
    const memo = new Memo<number>()
    let asked = 0
    const ask = async () => {
      if (++asked === 1) throw new Error('busy')
      return asked
    }
    const both = [memo.get('a', ask), memo.get('a', ask)]
    for (const one of both) await expect(one).rejects.toThrow('busy')
    expect(await memo.get('a', ask)).toBe(2)
    memo.forget()
    expect(await memo.get('a', ask)).toBe(3)
  })
})
