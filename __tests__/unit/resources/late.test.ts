import { describe, expect, test } from '@jest/globals'
import type { AnyStep } from '../../../src/engine/step.ts'
import { awaited, LateError, untilTold } from '../../../src/resources/late.ts'
import { clockAt, HUB, seeing, signal, standIn } from './sample.ts'

const LATE = { value: 'its host name', kind: 'IoT hub', id: HUB }
const kept = standIn('/kept')
const waiting = standIn('/waiting', {
  kind: 'IoT hub',
  judge: () => ({ action: 'await', reason: 'Azure' })
})
const told = standIn('/told', { kind: 'Policy', late: () => 'Azure to tell its subject' })
const both = standIn('/both', {
  kind: 'DPS',
  judge: () => ({ action: 'await', reason: 'first' }),
  late: () => 'second'
})
const see = seeing(...[kept, waiting, told, both].map((step) => [step, {}] as const))

test.each<[string, readonly AnyStep[], string | undefined]>([
  ['nothing of what is kept', [kept], undefined],
  ['nothing of nothing', [], undefined],
  ['what a verdict waits for', [kept, waiting], 'IoT hub: Azure'],
  ['what is told late, whatever the verdict', [kept, told], 'Policy: Azure to tell its subject'],
  ['the verdict before what is told late', [both], 'DPS: first'],
  ['the first of several', [told, waiting], 'Policy: Azure to tell its subject']
])('awaited is %s', (_what, steps, text) => {
  expect(awaited(steps, see)).toBe(text)
})

describe('what is told late', () => {
  test('is asked for until it is told, and each wait is told', async () => {
    let asked = 0
    const waits: string[] = []
    const ask = async () => {
      if (++asked < 3) throw new LateError(LATE)
      return 'host'
    }
    const options = { time: clockAt(), signal, progress: (text: string) => void waits.push(text) }
    expect(await untilTold(ask, options)).toBe('host')
    expect(waits).toEqual(['Azure to tell its host name', 'Azure to tell its host name'])
  })

  test('is not asked for again after any other failure', async () => {
    const time = clockAt()
    const ask = () => Promise.reject(new Error('broken'))
    const progress = () => {}
    await expect(untilTold(ask, { time, signal, progress })).rejects.toThrow('broken')
    expect(time.slept).toEqual([])
  })

  test.each([
    ['names what Azure said', LATE, new Error('404'), 'It said: 404'],
    ['names the resource to look at', LATE, undefined, 'look at the activity log of /sub'],
    [
      'names another remedy',
      { ...LATE, remedy: 'make new keys' },
      undefined,
      'make new keys and run'
    ]
  ])('%s', (_what, late, cause, text) => {
    const { message } = new LateError(late, cause)
    expect(message).toContain(text)
    expect(message.includes('It said')).toBe(cause !== undefined)
  })
})
