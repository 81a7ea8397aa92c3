import { describe, expect, it } from '@jest/globals'
import { isAlive, linksOf } from '../../emulator/providers/links.ts'
import { Scenario } from './scenario.ts'

/**
 * Slower than elsewhere. Whoever writes the list checks it after half a minute; a process that stalls for longer between
 * its read and its write is none that a scenario should have by accident.
 */
const scenario = new Scenario(20)
const dps = () => scenario.only('provisioningServices')
const linked = () =>
  linksOf(dps())
    .map(({ name }) => name.replace(/^hub-(.+)-[^-]+\.azure-devices\.net$/, '$1'))
    .sort((a, b) => a.localeCompare(b))

/** An environment that brings a namespace and a DPS for others. */
async function platform(): Promise<{ namespace: string; dps: string }> {
  await scenario.built({ environment: 'platform' })
  return { namespace: scenario.only('namespaces').id, dps: dps().id }
}

describe('several environments on one DPS that ignores If-Match', () => {
  it('applied and destroyed at once have the links that they should', async () => {
    scenario.configure({ dpsHonoursIfMatch: false })
    const shared = await platform()
    const apply = (environment: string) => scenario.apply({ ...shared, environment })
    const destroy = (environment: string) =>
      scenario.apply({ ...shared, operation: 'destroy', environment, confirm: environment })

    await Promise.all(['a', 'b', 'c'].map(apply))
    expect(linked()).toEqual(['a', 'b', 'c', 'platform'])
    await Promise.all([...['a', 'b'].map(destroy), ...['d', 'e'].map(apply)])
    expect(linked()).toEqual(['c', 'd', 'e', 'platform'])
    expect(linksOf(dps()).every((link) => isAlive(scenario.azure.world, link))).toBe(true)
    await Promise.all(['c', 'd', 'e'].map(destroy))
    expect(linked()).toEqual(['platform'])
    expect(scenario.all('IotHubs')).toHaveLength(1)
  })

  it('follows the one before when a sweep destroys three environments at once', async () => {
    const shared = await platform()
    scenario.configure({ dpsHonoursIfMatch: false, latency: { dpsUpdate: 0 } })
    const names = ['one', 'two', 'three']
    for (const environment of names) {
      await scenario.apply({ ...shared, environment, 'expires-after': '1h' })
    }
    for (const { body } of scenario.all('resourceGroups')) {
      if (names.includes(body.tags['iot-environment'])) {
        body.tags['iot-expires'] = '2020-01-01T00:00:00Z'
      }
    }
    scenario.configure({ latency: { dpsUpdate: 30_000 } })
    const sweep = { operation: 'sweep', confirm: 'octo-org/octo-repo', environment: '' }
    const run = await scenario.apply({ ...sweep, location: '' })
    const path = /\/provisioningServices\/[^/?]+\?/i
    const puts = run.requests.filter(({ method, url }) => method === 'PUT' && path.test(url))
    expect(puts.map(({ status }) => status)).toEqual(puts.map(() => 200))
    const times = puts.map(({ time }) => Date.parse(time))
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time - (times[index - 1] ?? 0)).toBeGreaterThanOrEqual(30_000)
    }
    expect(linked()).toEqual(['platform'])
    expect(scenario.all('IotHubs')).toHaveLength(1)
  })
})
