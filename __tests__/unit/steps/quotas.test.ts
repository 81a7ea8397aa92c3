import { expect, test } from '@jest/globals'
import { dpsQuota } from '../../../src/steps/quotas.ts'
import { refused, signal } from '../resources/sample.ts'
import { azureOf } from './sample.ts'

const dpss = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `/subscriptions/s/x/dps${index}` }))

test.each<[string, readonly object[] | Error, string | undefined]>([
  ['has one left', dpss(9), undefined],
  ['is used up', dpss(10), 'the subscription has 10 Device Provisioning Services'],
  ['was raised', dpss(11), undefined],
  ['may not be counted', refused(403, 'AuthorizationFailed'), undefined]
])('the number of DPSs %s', async (_what, found, what) => {
  const list = () => {
    if (found instanceof Error) throw found
    return found
  }
  const quota = await dpsQuota(azureOf({ list }), 's', signal)
  expect(quota?.problem?.what.split(',')[0]).toBe(what)
})
