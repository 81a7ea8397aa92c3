import { describe, expect, it } from '@jest/globals'
import { pullRequest } from '../../scripts/trigger.ts'
import { Plants } from './plants.ts'
import { type Resource, Scenario } from './scenario.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const PRODUCTION = { environment: 'production' }
const PR = { environment: 'pr-7' }
const ON_SEVEN = { trigger: pullRequest(7) }
const REMOVE = { operation: 'destroy', confirm: 'pr-7', ...PR }

const groups = () => [...scenario.azure.world.enrollmentGroups.values()] as readonly Resource[]
const names = () => groups().map(({ body }) => String(body.enrollmentGroupId))
const group = (name: string) => {
  const found = groups().find(({ body }) => body.enrollmentGroupId === name)
  if (found === undefined) throw new Error(`no enrollment group ${name}`)
  return found.body
}
const hubs = () => scenario.all('IotHubs').map(({ body }) => String(body.properties.hostName))

describe('enrollment groups on a DPS of production', () => {
  let shared: Readonly<Record<string, string>> = {}
  let productions = ''
  let ours = ''

  /** Production, and beside it the environment of a pull request on its namespace and DPS. */
  async function built(more: Readonly<Record<string, string>> = {}) {
    await scenario.built(PRODUCTION)
    productions = String(scenario.enrollmentGroup.body.enrollmentGroupId)
    shared = {
      namespace: scenario.only('namespaces').id,
      dps: scenario.only('provisioningServices').id
    }
    const run = await scenario.apply({ ...PR, ...shared, ...more }, ON_SEVEN)
    ours = run.outputs['enrollment-group'] ?? ''
    expect(new Set(names())).toEqual(new Set([productions, ours]))
  }
  it.each([
    ['production’s hub', () => hubs().filter((host) => host.includes('production'))],
    ['no hub', () => []],
    ['both hubs', () => hubs()]
  ])(
    'production’s, which lists %s, outlives the pull request whose destroy names it',
    async (_what, listed) => {
      await built()
      group(productions).iotHubs = listed()
      const before = structuredClone(group(productions))
      for (const told of [{}, shared]) {
        const run = await scenario.apply({ ...REMOVE, ...told, 'enrollment-group': productions })
        expect(run.plan[`enrollment-group/${productions}`]).toMatchObject({ action: 'leave' })
        expect(group(productions)).toEqual(before)
        expect(names()).toEqual([productions])
      }
    }
  )

  it('that list a shared hub stay', async () => {
    await scenario.built(PRODUCTION)
    const { id } = scenario.only('IotHubs')
    await built({ hub: id })
    const before = structuredClone(group(ours))
    for (const told of [{ hub: id }, {}]) {
      const run = await scenario.apply({ ...REMOVE, ...shared, ...told })
      expect(run.plan[`enrollment-group/${ours}`]).toMatchObject({
        action: 'leave',
        reason: 'it lists a hub that is not this environment’s'
      })
      expect(group(ours)).toEqual(before)
      expect(plants.at(id)).toBeDefined()
    }
  })

  it.each([
    [
      'attest by certificates',
      () => Object.assign(group(ours), { attestation: { type: 'x509', x509: {} } }),
      'this action makes none of its attestation'
    ],
    [
      'list no hub',
      () => Object.assign(group(ours), { iotHubs: [] }),
      'a group that lists no hub serves all'
    ],
    [
      'list a hub besides ours',
      () => Object.assign(group(ours), { iotHubs: hubs() }),
      'it lists a hub that is not this environment’s'
    ],
    [
      'list a hub whose tags prove nothing',
      () =>
        scenario.all('IotHubs').map(({ body }) => Reflect.deleteProperty(body.tags, 'iot-mark')),
      'it lists a hub that is not this environment’s'
    ]
  ])('that %s stay, even under our name', async (_what, spoil, reason) => {
    await built()
    spoil()
    const before = structuredClone(group(ours))
    const run = await scenario.apply({ ...REMOVE, ...shared })
    expect(run.plan[`enrollment-group/${ours}`]).toMatchObject({
      action: 'leave',
      reason: expect.stringContaining(reason)
    })
    expect(group(ours)).toEqual(before)
  })

  it('of a name that derives from the environment goes', async () => {
    await built()
    const run = await scenario.apply(REMOVE)
    expect(run.plan[`enrollment-group/${ours}`]).toMatchObject({ action: 'remove' })
    expect(names()).toEqual([productions])
  })

  it('of a given name stays while it is not given, and the log says to give it', async () => {
    await built({ 'enrollment-group': 'devices' })
    const before = structuredClone(group('devices'))
    const run = await scenario.apply(REMOVE)
    expect(run.log).toMatch(/Enrollment group devices .*give it with the input `enrollment-group`/)
    expect(group('devices')).toEqual(before)
  })

  it('of a given name goes when it is given', async () => {
    await built({ 'enrollment-group': 'devices' })
    await scenario.apply({ ...REMOVE, 'enrollment-group': 'devices' })
    expect(names()).toEqual([productions])
  })
})
