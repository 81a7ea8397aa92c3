import { describe, expect, it } from '@jest/globals'
import { Plants } from './plants.ts'
import { Scenario, SWEEP } from './scenario.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)

const TAG = 'iot-service-version'
const LATER = '2027-02-01'
const FIRST = '2025-11-01-preview'
const SMALL = { phases: 'identity, namespace' }
const REMOVE = { operation: 'destroy', confirm: 'test' }

const ours = () =>
  scenario.all('[^/]+').filter(({ body }) => body.tags?.['iot-environment'] === 'test')

/** The environment, as a release made it that knows a later model of the service. */
async function madeLater() {
  await scenario.apply({ ...SMALL, 'expires-after': '7d' })
  for (const { body } of ours()) body.tags[TAG] = LATER
  const group = scenario.only('resourceGroups')
  group.body.tags['iot-expires'] = '2020-01-01T00:00:00.000Z'
  return plants.state()
}

describe('the model of the service', () => {
  it('is remembered by whatever the environment makes', async () => {
    await scenario.apply(SMALL)
    expect(ours().map(({ body }) => body.tags[TAG])).toEqual([FIRST, FIRST, FIRST])
  })

  it('is inferred where an earlier release wrote no tag, and not written', async () => {
    await scenario.apply(SMALL)
    for (const { body } of ours()) delete body.tags[TAG]
    expect((await scenario.apply(SMALL)).writes).toEqual([])
    await scenario.apply(REMOVE)
    expect(ours()).toEqual([])
  })

  it('that this release does not know is neither applied to, nor destroyed, nor swept', async () => {
    const before = await madeLater()
    const applied = await scenario.run(SMALL)
    expect([applied.exitCode, applied.writes]).toEqual([1, []])
    expect(applied.failure).toContain(`was made with the service version ${LATER}`)
    expect(applied.failure).toContain('use a release of this action that knows it')
    const destroyed = await scenario.apply(REMOVE)
    expect(destroyed.plan['resource-group']).toMatchObject({ action: 'leave' })
    const swept = await scenario.apply(SWEEP)
    expect(swept.log).toMatch(
      new RegExp(`left .*environment test: it was made with the service version ${LATER}`)
    )
    expect(plants.state()).toEqual(before)
  })

  it('is not changed by marking what it made again', async () => {
    await madeLater()
    for (const { body } of ours()) body.tags['iot-mark'] = 'moved'
    const before = plants.state()
    const adopting = await scenario.run({ ...SMALL, adopt: 'true' })
    expect([adopting.exitCode, adopting.writes]).toEqual([1, []])
    expect(adopting.failure).toContain(`was made with the service version ${LATER}`)
    expect(plants.state()).toEqual(before)
  })
})
