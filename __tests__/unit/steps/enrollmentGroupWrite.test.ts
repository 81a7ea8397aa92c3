import { describe, expect, test } from '@jest/globals'
import type { EnrollmentGroup } from '../../../src/azure/clients/enrollmentGroup.ts'
import { ALONE, refused, signal } from '../resources/sample.ts'
import { facts, found, worldOf } from './enrollmentGroupSample.ts'

describe('a write', () => {
  test.each<[string, readonly (EnrollmentGroup | Error | undefined)[], readonly string[] | string]>(
    [
      ['that finds what is wanted writes nothing', [found()], []],
      ['that finds none makes it', [undefined], ['write']],
      [
        'is tried again while the namespace is not reached',
        [undefined, refused(403, '403000'), undefined],
        ['write', 'write']
      ],
      [
        'is tried again after another one',
        [undefined, refused(412, 'x'), undefined],
        ['write', 'write']
      ],
      ['is tried again when it is not there yet', [refused(404, 'x'), undefined], ['write']],
      [
        'links a hub again whose link was lost',
        [undefined, refused(400, '400002', 'not linked'), undefined],
        ['write', 'link', 'write']
      ],
      ['ends with any other refusal', [undefined, refused(400, '400001')], 'Azure said 400001'],
      ['ends with any other failure', [new Error('broken')], 'broken']
    ]
  )('%s', async (_what, told, log) => {
    const did: string[] = []
    const { step, see } = worldOf({ dps: 'ours', told, log: did })
    const task = {
      facts: facts(undefined),
      see,
      signal,
      ...ALONE,
      progress: () => {},
      verdict: { action: 'create' } as const
    }
    if (typeof log === 'string') await expect(step.apply(task)).rejects.toThrow(log)
    else {
      await step.apply(task)
      expect(did).toEqual(log)
    }
  })
})

test.each([
  [refused(404, 'x'), 'the Device Provisioning Service to reach the namespace'],
  [refused(503, 'x'), 'the Device Provisioning Service to answer again']
])('what a write that meets %p waits for is told', async (refusal, waitingFor) => {
  const heard: string[] = []
  const { step, see } = worldOf({ dps: 'ours', told: [refusal, undefined], log: [] })
  await step.apply({
    ...{ facts: facts(undefined), see, signal, ...ALONE },
    progress: (text) => void heard.push(text),
    verdict: { action: 'create' }
  })
  expect(heard).toEqual([waitingFor])
})
