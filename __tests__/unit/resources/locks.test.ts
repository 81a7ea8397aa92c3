import { expect, test } from '@jest/globals'
import type { Azure } from '../../../src/azure/azure.ts'
import { locksOn } from '../../../src/resources/locks.ts'
import { armOf, DPS, GROUP, HUB, refused, SUBSCRIPTION, signal } from './sample.ts'

const AT = '/providers/Microsoft.Authorization/locks/l'
const lock = (scope: string, level?: string) => ({
  id: `${scope}${AT}`,
  ...(level !== undefined && { properties: { level } })
})
const hub = { kind: 'IoT hub', resource: HUB }
const LINK = { kind: 'Hub link', resource: `${DPS}#hub1` }
const ENROLLMENT = { kind: 'Enrollment group', resource: `${DPS}/enrollmentGroups/g` }

async function ask(resources: readonly (typeof hub)[], list: (path: string) => unknown) {
  const azure = { arm: armOf({ list }) } as Azure
  const { locks, complete } = await locksOn(azure, 's', resources, signal)
  return { on: locks.map((one) => `${one.on.kind} ${one.level}`), complete }
}

test.each<[string, typeof hub, ReturnType<typeof lock>, readonly string[]]>([
  ['itself', hub, lock(HUB, 'CanNotDelete'), ['IoT hub CanNotDelete']],
  ['what it lies in', hub, lock(GROUP, 'ReadOnly'), ['IoT hub ReadOnly']],
  ['the subscription', hub, lock(SUBSCRIPTION, 'CanNotDelete'), ['IoT hub CanNotDelete']],
  [
    'what lies in it',
    { kind: 'Group', resource: GROUP },
    lock(HUB, 'CanNotDelete'),
    ['Group CanNotDelete']
  ],
  ['something beside it', hub, lock(DPS, 'CanNotDelete'), []],
  ['itself without a level', hub, lock(HUB), ['IoT hub unknown']],
  ['what its link is in, against deletion', LINK, lock(DPS, 'cannotdelete'), []],
  ['what its link is in, against any write', LINK, lock(DPS, 'ReadOnly'), ['Hub link ReadOnly']],
  ['what an enrollment group is in', ENROLLMENT, lock(DPS, 'CanNotDelete'), []]
])('a lock on %s stops what would be deleted', async (_where, resource, found, on) => {
  expect(await ask([resource], () => [found])).toEqual({ on, complete: true })
})

test.each<[string, (path: string) => unknown, boolean]>([
  [
    'tells all',
    (path) => (path.includes('resourceGroups') ? [] : Promise.reject(refused(403, 'Denied'))),
    true
  ],
  ['tells nothing', () => Promise.reject(refused(403, 'Denied')), false]
])('where the subscription does not tell, a group %s', async (_what, list, complete) => {
  expect(await ask([hub], list)).toEqual({ on: [], complete })
})
