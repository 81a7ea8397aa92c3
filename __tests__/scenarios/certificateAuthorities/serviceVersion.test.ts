import { describe, expect, it } from '@jest/globals'
import { type Outcome, Scenario } from '../scenario.ts'
import { hideProviders, Linked, NEWEST, TUTORIAL } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)

const REGISTRY = 'Microsoft.DeviceRegistry/namespaces'
const AUTHORITIES = `${REGISTRY}/certificateAuthorities`
const CREDENTIALS = `${REGISTRY}/credentials`
const HUBS = 'Microsoft.Devices/IotHubs'
const SERVICES = 'Microsoft.Devices/provisioningServices'
const ELSEWHERE = ['East US']
const PLAN = { operation: 'plan' }

const unlisted = (...types: readonly string[]) => ({ registry: { unlisted: types } })

/** The model of a run, and why it is that one. */
function chosen({ outputs, log, failure }: Outcome) {
  expect(failure).toBe('')
  const [, version, reason = ''] = /Service version (\S+): (.*)\./.exec(log) ?? []
  expect(outputs['service-version']).toBe(version)
  expect(JSON.parse(outputs.result ?? '{}')).toMatchObject({ serviceVersion: { version } })
  return { version, reason }
}

describe('left to itself, the model is', () => {
  it.each([
    ['both are offered', {}, NEWEST],
    ['the tutorial’s is gone', { apiVersions: { [CREDENTIALS]: [] } }, NEWEST],
    ['the new one is not there yet', { apiVersions: { [AUTHORITIES]: [] } }, TUTORIAL],
    [
      'only previews of the new one are',
      { apiVersions: { [AUTHORITIES]: ['2026-11-02-preview'] } },
      TUTORIAL
    ],
    ['the new one is in other regions', { locations: { [AUTHORITIES]: ELSEWHERE } }, TUTORIAL],
    ['the tutorial’s is in other regions', { locations: { [CREDENTIALS]: ELSEWHERE } }, NEWEST],
    [
      'hubs lack the new version',
      { apiVersions: { [HUBS]: ['2026-05-01', '2025-08-01-preview'] } },
      TUTORIAL
    ],
    [
      'a DPS is stable, newer and knows no link',
      { apiVersions: { [SERVICES]: ['2026-08-31', '2025-02-01-preview'] } },
      TUTORIAL
    ],
    ['namespaces alone are listed', unlisted(AUTHORITIES, CREDENTIALS), NEWEST],
    ['the new child type is not listed, and the other is', unlisted(AUTHORITIES), TUTORIAL],
    ['the tutorial’s child type is not listed', unlisted(CREDENTIALS), NEWEST]
  ])('told by the providers, where %s', async (_what, config, version) => {
    scenario.configure(config)
    expect(chosen(await linked.run(PLAN))).toMatchObject({
      version,
      reason: expect.stringContaining('offered in westeurope')
    })
  })

  it('the new one where providers may not be read, and is built so', async () => {
    hideProviders(scenario)
    expect(chosen(await linked.apply())).toEqual({
      version: NEWEST,
      reason: 'what the providers offer may not be read with the rights of this identity'
    })
    expect((await linked.apply()).writes).toEqual([])
  })

  it('none where neither is offered: versions and regions are listed', async () => {
    scenario.configure({ locations: { [REGISTRY]: ELSEWHERE } })
    const why = await linked.refused()
    expect(why).toContain('Neither model of the service is offered in westeurope')
    expect(why).toContain(`${NEWEST}: offered in eastus`)
    expect(why).toContain(`${TUTORIAL}: offered in eastus`)
    expect(why).toContain('set `location`')
  })

  it('that of the environment itself, whatever is offered by now', async () => {
    await scenario.built({ 'service-version': TUTORIAL, phases: 'identity, namespace' })
    const { version, reason } = chosen(await linked.run({ ...PLAN, phases: 'identity, namespace' }))
    expect(version).toBe(TUTORIAL)
    expect(reason).toMatch(/was made with it$/)
    scenario.azure.reset()
    await linked.built({ phases: 'identity, namespace' })
    scenario.configure(unlisted(AUTHORITIES))
    expect(chosen(await linked.run({ ...PLAN, phases: 'identity, namespace' })).version).toBe(
      NEWEST
    )
  })

  it.each([
    ['namespace', TUTORIAL],
    ['hub', TUTORIAL],
    ['dps', TUTORIAL],
    ['namespace', NEWEST],
    ['hub', NEWEST],
    ['dps', NEWEST]
  ])('that of a shared %s of %s', async (input, version) => {
    await scenario.built({ environment: 'platform', 'service-version': version })
    const type = { namespace: 'namespaces', hub: 'IotHubs', dps: 'provisioningServices' }[input]
    const { id, body } = scenario.only(type ?? '')
    body.tags = {}
    const run = await linked.run({ ...PLAN, [input]: id })
    expect(run.outputs['service-version']).toBe(version)
    expect(run.log).toContain(`the ${input} ${id} belongs to this model`)
  })
})

describe('inputs that one model alone knows', () => {
  it.each([
    [{ identity: 'id-x' }, '`identity`'],
    [{ 'hub-location': 'northeurope' }, '`hub-location`'],
    [{ 'hub-app-grant': 'skip' }, '`hub-app-grant`'],
    [{ policies: 'one=7\ntwo=7\nthree=7\nfour=7', policy: 'one' }, '`policies`']
  ])('take the tutorial’s where it is offered: %j', async (inputs, named) => {
    const { version, reason } = chosen(await linked.run({ ...PLAN, ...inputs }))
    expect([version, reason]).toEqual([TUTORIAL, expect.stringContaining(`only it has ${named}`)])
  })

  it('are an error, or ignored with a note, where it is not', async () => {
    scenario.configure({ apiVersions: { [CREDENTIALS]: [] } })
    const why = await linked.refused({ 'hub-location': 'northeurope' })
    expect(why).toContain('must be the region of the namespace and the DPS, westeurope')
    const ignored = await linked.run({ ...PLAN, identity: 'id-x' })
    expect(chosen(ignored).version).toBe(NEWEST)
    expect(ignored.log).toContain('`identity` has no meaning in service version 2026-11-01')
  })

  it('are an error, or ignored with a note, with the new one given', async () => {
    const given = { 'service-version': NEWEST }
    const why = await linked.refused({ ...given, 'hub-location': 'northeurope' })
    expect(why).toContain('hub-location')
    expect(why).toContain('must be the region of the namespace and the DPS')
    const ignored = await linked.run({ ...given, ...PLAN, identity: 'id-x' })
    expect(ignored.log).toContain('`identity` has no meaning in service version 2026-11-01')
    expect(chosen(ignored)).toEqual({ version: NEWEST, reason: 'set by `service-version`' })
  })

  it('of the new model are an error with the tutorial’s', async () => {
    const why = await linked.refused({ 'service-version': TUTORIAL, policies: 'default=1' })
    expect(why).toContain(`must be at least 7 with service version ${TUTORIAL}`)
  })
})

describe('an environment that is there', () => {
  it.each([
    [NEWEST, TUTORIAL],
    [TUTORIAL, NEWEST]
  ])(
    'of %s is never converted to %s: the way is told, and nothing is written',
    async (is, wanted) => {
      await scenario.built({ 'service-version': is, phases: 'identity, namespace' })
      for (const operation of ['plan', 'apply']) {
        const why = await linked.refused({ operation, 'service-version': wanted })
        expect(why).toContain(`was made with the service version ${is}`)
        expect(why).toContain('never converted')
        expect(why).toContain('a new environment beside it')
        expect(why).toContain('docs/migration.md')
      }
      const gone = await linked.apply({
        operation: 'destroy',
        confirm: 'test',
        'service-version': wanted
      })
      expect(gone.writes).toEqual([])
      expect(gone.log).toContain(`it was made with the service version ${is}`)
    }
  )

  it('stands beside one of the other model', async () => {
    await scenario.built({ 'service-version': TUTORIAL, phases: 'identity, namespace' })
    await linked.apply({ environment: 'next' })
    expect((await linked.apply({ environment: 'next' })).writes).toEqual([])
    const old = await linked.run({ ...PLAN, phases: 'identity, namespace' })
    expect([chosen(old).version, old.work]).toEqual([TUTORIAL, {}])
  })
})
