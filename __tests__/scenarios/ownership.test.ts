import { describe, expect, it } from '@jest/globals'
import { REPOSITORY } from '../../scripts/runner.ts'
import { ownershipTags } from '../../src/settings/ownerTags.ts'
import { groupOf, nameOf, Plants } from './plants.ts'
import { Scenario, SWEEP } from './scenario.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const REMOVE = { operation: 'destroy', confirm: 'test' }
const LONG_AGO = '2020-01-01T00:00:00.000Z'
const OWNER_TAGS = [
  'managed-by',
  'iot-repository-id',
  'iot-repository',
  'iot-environment',
  'iot-mark'
]

/** The hub and the group of the environment, before anything else is there. */
async function built() {
  await scenario.built()
  return { hub: scenario.only('IotHubs'), group: scenario.only('resourceGroups').id }
}

describe('a hub with copied tags', () => {
  it('is neither destroyed nor swept, in whatever group it is', async () => {
    const { hub, group } = await built()
    plants.group('rg-a')
    const copies = [
      plants.copy(hub, 'rg-a', 'hub-copy'),
      plants.copy(hub, groupOf(group), 'hub-beside')
    ]
    for (const { body } of copies) body.tags['iot-expires'] = LONG_AGO
    const before = structuredClone(copies.map(({ body }) => body))
    const run = await scenario.apply(REMOVE)
    expect(run.log).toContain(`removed      IoT hub ${hub.body.name}`)
    // Once the group says nothing, only the copies could tell a sweep how long the environment lives.
    for (const { id, body } of scenario.all('resourceGroups')) if (id === group) body.tags = {}
    const swept = await scenario.apply(SWEEP)
    expect(swept.writes).toEqual([])
    expect(copies.map(({ id }) => plants.at(id))).toEqual(before)
  })

  it('is refused by apply, which says where the tags are from and what to do', async () => {
    const { hub } = await built()
    plants.group('rg-a')
    const { id } = plants.copy(hub, 'rg-a', 'hub-copy')
    const run = await scenario.run({ hub: id, tags: 'team=iot' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain(`IoT hub ${id} is not considered this environment's`)
    expect(run.failure).toContain(`${groupOf(hub.id)}/${hub.body.name}`)
    expect(run.failure).toContain('`adopt: true`')
  })
})

describe('tags that a policy hands down', () => {
  it('leave what this action makes provable, although the mark of the group is handed down too', async () => {
    const before = plants.state()
    await scenario.apply({ phases: 'identity' })
    scenario.configure({ inheritTags: OWNER_TAGS })
    await scenario.apply()
    expect((await scenario.apply()).writes).toEqual([])
    await scenario.apply(REMOVE)
    expect(plants.state()).toEqual(before)
  })

  it('keep what inherits them, and the group, through a destroy', async () => {
    const { hub, group } = await built()
    const inherited = Object.fromEntries(
      OWNER_TAGS.map((name) => [name, plants.at(group)?.tags[name] as string])
    )
    const store = plants.plant(`${group}/providers/Microsoft.Storage/storageAccounts/mine`, {
      type: 'Microsoft.Storage/storageAccounts',
      tags: inherited
    })
    const other = plants.copy(hub, groupOf(group), 'hub-by-hand')
    other.body.tags = inherited
    const run = await scenario.apply(REMOVE)
    expect(run.plan['resource-group']).toMatchObject({ action: 'leave' })
    expect([store, other].map(({ id }) => plants.at(id)?.tags)).toEqual([inherited, inherited])
    expect(plants.at(hub.id)).toBeUndefined()
    expect(plants.at(group)).toBeDefined()
  })
})

describe('a hub that was moved', () => {
  it('stays until it is marked again, which names both places', async () => {
    const { hub, group } = await built()
    plants.group('rg-b')
    const { id } = plants.move(hub, 'rg-b')
    const places = [hub.id, id].map((one) => `${groupOf(one)}/${nameOf(one)}`)

    const refused = await scenario.run({ hub: id })
    expect([refused.exitCode, refused.writes]).toEqual([1, []])
    expect(refused.failure).toContain(`with the mark of ${places[0]}`)
    const plan = await scenario.apply({ operation: 'plan', hub: id, adopt: 'true' })
    const mark = (plan.plan[`hub/${nameOf(id)}`]?.changes ?? []) as Record<string, string>[]
    expect(mark).toEqual([
      {
        property: 'tags.iot-mark',
        before: expect.stringMatching(new RegExp(`^[0-9a-f]{32} ${places[0]}$`)),
        after: expect.stringMatching(new RegExp(`^[0-9a-f]{32} ${places[1]}$`))
      }
    ])
    expect(plan.log).toMatch(new RegExp(`tags.iot-mark: .*${places[0]}.* → .*${places[1]}`))

    const dry = await scenario.apply({ ...REMOVE, 'dry-run': 'true' })
    expect(JSON.parse(dry.outputs.plan ?? '').items).not.toContainEqual(
      expect.objectContaining({ resource: id, action: 'remove' })
    )
    await scenario.apply({ hub: id, adopt: 'true' })
    expect((await scenario.apply({ hub: id })).writes).toEqual([])
    await scenario.apply(REMOVE)
    expect([id, group].map((one) => plants.at(one))).toEqual([undefined, undefined])
    expect(scenario.all('resourceGroups').map(({ body }) => body.name)).toEqual(['rg-b'])
  })

  it('keeps what it uses', async () => {
    const { hub } = await built()
    plants.group('rg-b')
    const { id, body } = plants.move(hub, 'rg-b')
    await scenario.apply(REMOVE)
    expect(plants.at(id)).toEqual(body)
    expect(scenario.all('namespaces')).toHaveLength(1)
    expect(scenario.all('policies')).toHaveLength(1)
  })
})

describe('a hub without a mark', () => {
  it('stays until it is marked again', async () => {
    const { hub, group } = await built()
    delete hub.body.tags['iot-mark']
    const refused = await scenario.run({ tags: 'team=iot' })
    expect([refused.exitCode, refused.writes]).toEqual([1, []])
    expect(refused.failure).toMatch(/without a mark.*\n?.*`adopt: true`/)
    const dry = await scenario.apply({ ...REMOVE, 'dry-run': 'true' })
    expect(dry.plan[`hub/${hub.body.name}`]).toMatchObject({ action: 'leave' })
    expect(dry.plan['resource-group']).toMatchObject({ action: 'leave' })
    expect((await scenario.apply({ adopt: 'true' })).writes).toHaveLength(1)
    await scenario.apply(REMOVE)
    expect([hub.id, group].map((one) => plants.at(one))).toEqual([undefined, undefined])
  })
})

describe('a mark', () => {
  it('fits in whatever case Azure tells the id', async () => {
    const before = plants.state()
    await scenario.built()
    for (const [key, { id, body, secret }] of scenario.azure.world.resources) {
      const loud = id.replace(/(?<=^\/subscriptions\/)[^/]+\/resourceGroups\/[^/]+/i, (part) =>
        part.toUpperCase()
      )
      scenario.azure.world.resources.set(key, { id: loud, body: { ...body, id: loud }, secret })
    }
    expect((await scenario.apply()).writes).toEqual([])
    await scenario.apply(REMOVE)
    expect(plants.state()).toEqual(before)
  })

  it('fits after the repository was renamed and transferred', async () => {
    const before = plants.state()
    await scenario.built({ 'expires-after': '1h' })
    const renamed = { repository: { ...REPOSITORY, name: 'new-owner/new-name' } }
    expect((await scenario.apply({ 'expires-after': '1h' }, renamed)).writes).toEqual([])
    for (const { body } of scenario.all('resourceGroups')) body.tags['iot-expires'] = LONG_AGO
    await scenario.apply({ ...SWEEP, confirm: 'new-owner/new-name' }, renamed)
    expect(plants.state()).toEqual(before)
  })

  it('does not fit for a repository of the same id on another server', async () => {
    const there = { repository: { ...REPOSITORY, server: 'https://github.example.com' } }
    const { hub, group } = await built()
    scenario.set('resourceGroups', 'tags.iot-expires', LONG_AGO)
    const before = plants.state()
    expect((await scenario.apply(REMOVE, there)).writes).toEqual([])
    expect((await scenario.apply(SWEEP, there)).writes).toEqual([])
    const refused = await scenario.run({ 'resource-group': groupOf(group), hub: hub.id }, there)
    expect([refused.exitCode, refused.writes]).toEqual([1, []])
    expect(refused.failure).toContain('is not considered this environment')
    await scenario.apply({}, there)
    expect(scenario.all('IotHubs')).toHaveLength(2)
    await scenario.apply(REMOVE, there)
    expect(plants.state()).toEqual(before)
  })
})

describe('a namespace of another service', () => {
  it('is not taken for the Device Registry namespace, whatever tags it carries', async () => {
    const { hub } = await built()
    const a = plants.group('rg-a')
    const ownership = {
      host: 'github.com',
      repository: REPOSITORY.name,
      repositoryId: REPOSITORY.id,
      environment: 'test',
      branch: 'as recorded'
    } as const
    const others = ['Microsoft.EventHub', 'Microsoft.ServiceBus'].map((provider) => {
      // Even with a mark that fits: lists of the subscription tell this group first.
      const id = `${a}/providers/${provider}/namespaces/events`
      const type = `${provider}/namespaces`
      return plants.plant(id, { type, location: 'westeurope', tags: ownershipTags(ownership, id) })
    })
    await scenario.apply(REMOVE)
    expect(others.map(({ id }) => plants.at(id))).toEqual(others.map(({ body }) => body))
    expect(plants.at(hub.id)).toBeUndefined()
    expect(scenario.all('namespaces')).toHaveLength(2)
    expect(scenario.all('resourceGroups').map(({ body }) => body.name)).toEqual(['rg-a'])
  })
})
