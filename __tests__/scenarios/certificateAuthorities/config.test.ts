import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { Scenario } from '../scenario.ts'
import { AUTO, Linked, shortWrites } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)
const folder = mkdtempSync(join(tmpdir(), 'config-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A run whose config file has these hubs. */
function run(hubs: readonly object[], more: object = {}) {
  const config = join(folder, 'iot.yml')
  writeFileSync(config, JSON.stringify({ hubs, ...more }))
  return scenario.run({ ...AUTO, config }, { env: { GITHUB_ACTION_PATH: folder } })
}

const HUB = { name: 'hub-of-config', sku: 'S2', capacity: 2, 'allocation-weight': 5 }

describe('hubs of the config file', () => {
  it('have the tier, the units and the weight that it gives; the weight changes in place', async () => {
    expect((await run([HUB])).failure).toBe('')
    expect(scenario.only('IotHubs').body.sku).toMatchObject({ name: 'S2', capacity: 2 })
    expect(linked.endpoint('messaging').provisioning).toMatchObject({ allocationWeight: 5 })
    expect((await run([HUB])).writes).toEqual([])
    const heavier = await run([{ ...HUB, 'allocation-weight': 7 }])
    expect([heavier.failure, shortWrites(heavier)]).toEqual(['', ['PATCH namespaces']])
    expect(linked.endpoint('messaging')).toMatchObject({
      linkingState: 'Succeeded',
      provisioning: { allocationWeight: 7 }
    })
    const larger = await run([{ ...HUB, capacity: 3 }])
    expect([larger.exitCode, larger.writes]).toEqual([1, []])
    expect(larger.failure).toContain('sku.capacity is 2 instead of 3')
  })

  it('may be several, which are linked one after the other or together', async () => {
    const hubs = ['hub-one', 'hub-two', 'hub-three'].map((name) => ({ name }))
    expect((await run(hubs)).failure).toBe('')
    const states = Object.values(linked.endpoints('messaging')).map((one) => one.linkingState)
    expect(states).toEqual(['Succeeded', 'Succeeded', 'Succeeded'])
    expect((await run(hubs)).writes).toEqual([])
  })

  it('and its grants: those that not every source asks for can be left out', async () => {
    const grants = { 'issue-certificates': false, 'register-devices': false }
    scenario.configure({ registry: { issuingGrantNeeded: false, hubGrantNeeded: false } })
    const without = await run([{ name: 'hub-of-config' }], { grants })
    expect([without.failure, scenario.grants.length]).toEqual(['', 6])
  })
})
