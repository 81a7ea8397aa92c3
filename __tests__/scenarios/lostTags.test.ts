import { describe, expect, it } from '@jest/globals'
import { Plants } from './plants.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const REMOVE = { operation: 'destroy', confirm: 'test' }

const KINDS = [
  ['IotHubs', 'IoT hub'],
  ['provisioningServices', 'Device Provisioning Service'],
  ['namespaces', 'Device Registry namespace'],
  ['credentials', 'Credential'],
  ['policies', 'Policy'],
  ['userAssignedIdentities', 'User-assigned identity'],
  ['resourceGroups', 'Resource group']
] as const

describe.each(KINDS)('%s that lost their tags', (type, kind) => {
  it('are reported by plan, apply and verify, and written to by none of them', async () => {
    await scenario.built()
    scenario.set(type, 'tags', { team: 'blue' })
    const { id, body } = scenario.only(type)
    const before = structuredClone(body)
    for (const operation of ['plan', 'apply', 'verify']) {
      const run = await scenario.apply({ operation, tags: operation === 'apply' ? 'a=b' : '' })
      expect(run.log).toMatch(
        new RegExp(`::warning .*${kind} ${id} carries no tags of this environment.*adopt: true`)
      )
      // A write of any kind would show in it.
      expect(plants.at(id)).toEqual(before)
    }
  })

  it('are kept by destroy with their group until adopt: true brings the tags back', async () => {
    const before = plants.state()
    await scenario.built()
    scenario.set(type, 'tags', { team: 'blue' })
    const { id } = scenario.only(type)
    const dry = await scenario.apply({ ...REMOVE, 'dry-run': 'true' })
    expect(Object.values(dry.plan)).toContainEqual(
      expect.objectContaining({
        resource: id,
        action: 'leave',
        reason: expect.stringContaining('`adopt: true`')
      })
    )
    expect(dry.plan['resource-group']).toMatchObject({ action: 'leave' })
    const adopted = await scenario.apply({ adopt: 'true' })
    expect(adopted.writes).toHaveLength(1)
    expect(plants.at(id)?.tags).toMatchObject({ team: 'blue', 'iot-environment': 'test' })
    await scenario.apply(REMOVE)
    expect(plants.state()).toEqual(before)
  })
})

describe('a hub that lost its tags', () => {
  it('outlives a destroy, with all that it needs', async () => {
    await scenario.built()
    scenario.set('IotHubs', 'tags', { team: 'blue' })
    const { id, body } = scenario.only('IotHubs')
    const before = structuredClone(body)
    await scenario.apply(REMOVE)
    expect(plants.at(id)).toEqual(before)
    for (const type of ['resourceGroups', 'namespaces', 'credentials', 'policies']) {
      expect(scenario.all(type)).toHaveLength(1)
    }
  })

  it('is shared and nothing else where it was given by its id', async () => {
    await scenario.apply({ environment: 'platform' })
    scenario.set('IotHubs', 'tags', { team: 'blue' })
    for (const type of ['namespaces', 'credentials', 'policies', 'provisioningServices']) {
      scenario.set(type, 'tags', {})
    }
    const [hub, namespace, dps] = (['IotHubs', 'namespaces', 'provisioningServices'] as const).map(
      (type) => scenario.only(type).id
    ) as [string, string, string]
    const inputs = { hub, namespace, dps, 'enrollment-group': 'devices' }
    await scenario.apply(inputs)
    const run = await scenario.apply({ ...inputs, operation: 'verify' })
    expect(run.log).not.toMatch(/::warning .*carries no tags/)
  })
})
