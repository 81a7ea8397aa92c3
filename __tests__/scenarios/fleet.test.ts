import { describe, expect, it } from '@jest/globals'
import { stringify } from 'yaml'
import { linksOf } from '../../emulator/providers/links.ts'
import type { Job } from '../../scripts/runner.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** A config file with this content, as an input and in the workspace. */
function config(content: object): readonly [inputs: { config: string }, job: Job] {
  return [{ config: 'iot.yml' }, { files: { 'iot.yml': stringify(content) } }]
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('a fleet from a config file', () => {
  it('of 20 hubs, 10 policies and 20 enrollment groups applies, and runs again unchanged', async () => {
    const [inputs, job] = config({
      hubs: range(20).map((index) => ({
        key: `h${index}`,
        location: index % 2 ? 'westeurope' : 'northeurope',
        'allocation-weight': index + 1
      })),
      policies: range(10).map((index) => ({
        name: `policy-${index}`,
        'leaf-validity-days': 7 + index
      })),
      'enrollment-groups': range(20).map((index) => ({
        key: `g${index}`,
        policy: `policy-${index % 10}`,
        hubs: [`h${index}`]
      }))
    })
    const run = await scenario.apply(inputs, job)
    const links = linksOf(scenario.only('provisioningServices'))
    expect(new Set(links.map(({ allocationWeight }) => allocationWeight)).size).toBe(20)
    expect(scenario.azure.world.enrollmentGroups.size).toBe(20)
    for (const hub of scenario.all('IotHubs')) {
      expect((hub.secret.certificates as Map<string, unknown>).size).toBe(10)
    }
    const updates = run.writes.filter((write) => /^PUT .*provisioningServices\/[^/]+$/.test(write))
    expect(updates.length).toBeLessThan(20)
    const again = await scenario.apply(inputs, job)
    expect(again.writes).toEqual([])
    const verified = await scenario.run({ operation: 'verify', ...inputs }, job)
    expect(verified.exitCode).toBe(0)
    expect((await scenario.run({ operation: 'plan', ...inputs }, job)).summary.length).toBeLessThan(
      1_048_576
    )
  })

  it('has its weights, twins and allocation repaired', async () => {
    const wanted = {
      hubs: [{ key: 'a', 'allocation-weight': 3 }, { key: 'b' }],
      'enrollment-groups': [
        {
          'allocation-policy': 'geoLatency',
          'initial-twin': { tags: { place: { floor: 3 } } },
          'iot-edge': true
        }
      ]
    }
    await scenario.apply(...config(wanted))
    expect(scenario.enrollmentGroup.body).toMatchObject({
      allocationPolicy: 'geoLatency',
      capabilities: { iotEdge: true },
      initialTwin: { tags: { place: { floor: 3 } } }
    })
    const [first] = wanted.hubs
    if (first) first['allocation-weight'] = 9
    scenario.enrollmentGroup.body.initialTwin = {}
    const keys = structuredClone(scenario.enrollmentGroup.secret.symmetricKey)
    const run = await scenario.apply(...config(wanted))
    expect(Object.values(run.work)).toEqual(['change', 'change'])
    const links = linksOf(scenario.only('provisioningServices'))
    expect(links.map(({ allocationWeight }) => allocationWeight).filter(Boolean)).toEqual([9])
    expect(scenario.enrollmentGroup.secret.symmetricKey).toEqual(keys)
    expect((await scenario.apply(...config(wanted))).writes).toEqual([])
  })

  it('has its twins compared with what was asked for, whatever the service adds', async () => {
    scenario.configure({ twinsCompleted: true })
    const twin = (desired: object, tags?: object) =>
      config({
        'enrollment-groups': [
          { 'initial-twin': { ...(tags && { tags }), properties: { desired } } }
        ]
      })
    const rates = { rate: 0.5, zero: -0, gone: null, list: [1, { deep: null }] }
    await scenario.apply(...twin(rates))
    const again = await scenario.apply(...twin(rates))
    expect([again.writes, again.outputs.changed]).toEqual([[], 'false'])
    // What is not asked for any more goes, and what is asked for may bear a name of the service's.
    expect((await scenario.apply(...twin({ rate: 0.5 }))).outputs.changed).toBe('true')
    expect((await scenario.apply(...twin({ rate: 0.5 }))).outputs.changed).toBe('false')
    expect(scenario.enrollmentGroup.body.initialTwin.properties.desired).not.toHaveProperty('list')
    expect((await scenario.apply(...twin({ rate: 0.5 }, { floor: 3 }))).outputs.changed).toBe(
      'true'
    )
    expect((await scenario.apply(...twin({ rate: 0.5 }, { floor: 3 }))).outputs.changed).toBe(
      'false'
    )
  })

  it('is destroyed as a whole, even by somebody who has no config file', async () => {
    const before = scenario.all('.*').length
    await scenario.apply(
      ...config({
        hubs: [{ key: 'a' }, { key: 'b' }],
        'enrollment-groups': [{ key: 'x' }, { key: 'y' }]
      })
    )
    await scenario.apply({ operation: 'destroy', confirm: 'test' })
    expect(scenario.all('.*')).toHaveLength(before)
    expect(scenario.azure.world.enrollmentGroups.size).toBe(0)
    expect(scenario.grants).toEqual([])
  })

  it('leaves what is dropped from it, as unmanaged policies and hubs that still work', async () => {
    await scenario.apply(...config({ hubs: [{ key: 'a' }, { key: 'b' }] }))
    const run = await scenario.apply(...config({ hubs: [{ key: 'a' }] }))
    expect(scenario.all('IotHubs')).toHaveLength(2)
    expect(run.writes.filter((write) => write.startsWith('DELETE'))).toEqual([])
  })
})
