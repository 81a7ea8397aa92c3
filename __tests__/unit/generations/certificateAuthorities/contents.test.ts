import { expect, test } from '@jest/globals'
import {
  contentsOf,
  isAlive,
  lostBetween
} from '../../../../src/generations/certificateAuthorities/contents.ts'
import { signal } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, NAMESPACE, namespaceWith } from './sample.ts'

const OTHER = { endpointType: 'Microsoft.Other', resourceId: '/x' }
const CA = `${NAMESPACE}/certificateAuthorities/issuing-p`
const authority = { id: CA, name: 'issuing-p', properties: { certificateAuthorityType: 'ICA' } }
const policy = { id: `${CA}/certificatePolicies/p`, name: 'p' }
const device = { id: `${NAMESPACE}/registryDevices/d`, name: 'd' }

function azureWith(alive: readonly string[]) {
  return azureOf({
    get: (id: string) => (alive.includes(id) ? { id } : undefined),
    list: (path: string) =>
      path.endsWith('registryDevices')
        ? [device]
        : path.endsWith('Policies')
          ? [policy]
          : [authority]
  })
}

const namespace = namespaceWith({ d: dpsEndpoint(), x: OTHER }, { h: hubEndpoint() })

test('what lies in a namespace is what is linked and lives, and all that Azure does not take along', async () => {
  const found = await contentsOf(azureWith([DPS, HUB]), namespace, signal)
  expect(found.map(({ resource }) => resource)).toEqual([
    DPS,
    HUB,
    `${NAMESPACE}#x`,
    CA,
    policy.id,
    device.id
  ])
  expect(found.slice(0, 2).map(({ uses }) => uses)).toEqual([
    [NAMESPACE],
    [NAMESPACE, DPS, CA, policy.id]
  ])
})

test('an endpoint whose hub or DPS is gone keeps nothing', async () => {
  const found = await contentsOf(azureWith([HUB]), namespace, signal)
  expect(found.map(({ resource }) => resource)).not.toContain(DPS)
  expect(found[0]?.uses).toEqual([NAMESPACE, CA, policy.id])
})

test.each<[string, 'messaging' | 'provisioning', object, string | undefined]>([
  ['a hub is asked for in its version', 'messaging', hubEndpoint(), `${HUB} h`],
  ['a DPS is asked for in its version', 'provisioning', dpsEndpoint(), `${DPS} p`],
  ['what has no id is not there', 'messaging', {}, undefined]
])('%s', async (_what, section, endpoint, asked) => {
  const log: string[] = []
  const get = (id: string, version: string) => void log.push(`${id} ${version}`)
  expect(await isAlive(azureOf({ get }), { section, name: 'n', endpoint }, signal)).toBe(false)
  expect(log).toEqual(asked === undefined ? [] : [asked])
})

const dropped = { section: 'messaging', name: 'h', endpoint: hubEndpoint() } as const
test.each<[string, ReturnType<typeof namespaceWith>, readonly string[], string | undefined]>([
  ['nothing else', namespaceWith({ d: dpsEndpoint(), x: OTHER }), [DPS], undefined],
  ['a link of what lives', namespaceWith({ x: OTHER }), [DPS], 'd'],
  ['no link of what is gone', namespaceWith({ x: OTHER }), [], undefined],
  ['an endpoint of another kind', namespaceWith({ d: dpsEndpoint() }), [], 'x']
])('a write that drops one endpoint has lost %s', async (_what, after, alive, name) => {
  const lost = await lostBetween(azureWith(alive), [namespace, after], dropped, signal)
  expect(lost?.name).toBe(name)
})
