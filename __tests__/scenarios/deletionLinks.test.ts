import { describe, expect, it } from '@jest/globals'
import { isAlive, type Link, linksOf, show } from '../../emulator/providers/links.ts'
import { DESTROY, left, meanwhile } from './moments.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()
const DPS = '/provisioningServices/[^/?]+\\?'
const dps = () => scenario.only('provisioningServices')
const links = () => linksOf(dps())
const linked = () => links().map(({ name }) => name)

function setLinks(wanted: readonly Link[]): void {
  dps().secret.links = wanted
  scenario.set('provisioningServices', 'properties.iotHubs', wanted.map(show))
}

const refused = {
  kind: 'answer',
  status: 403,
  body: { error: { code: 'AuthorizationFailed', message: 'Not for you.' } }
} as const

/** Bodies of the requests that write the DPS, and what was said to them. */
const dpsPuts = ({ requests }: Outcome) =>
  requests.filter(({ method, url }) => method === 'PUT' && new RegExp(DPS, 'i').test(url))

/** An environment that brings a namespace and a DPS for others. */
async function platform(): Promise<{ namespace: string; dps: string }> {
  await scenario.built({ environment: 'platform' })
  return { namespace: scenario.only('namespaces').id, dps: dps().id }
}

const hubOf = (environment: string) => {
  const hub = scenario
    .all('IotHubs')
    .find(({ body }) => body.tags['iot-environment'] === environment)
  if (hub === undefined) throw new Error(`no hub of ${environment}`)
  return { id: hub.id, name: hub.body.name as string, host: hub.body.properties.hostName as string }
}

describe('the link of a hub that is gone', () => {
  it('goes when Azure says that the name is free, before the hub is made again', async () => {
    await scenario.built()
    const hub = hubOf('test')
    scenario.remove(hub.id)
    const run = await scenario.apply()
    const writes = run.writes.map((write) => write.split('/').at(-2))
    expect(writes.indexOf('provisioningServices')).toBeLessThan(writes.indexOf('IotHubs'))
    expect(linked()).toEqual([hub.host])
    expect(links().every((link) => isAlive(scenario.azure.world, link))).toBe(true)
  })

  it('stays while the name is another’s', async () => {
    await scenario.built()
    const hub = hubOf('test')
    scenario.remove(hub.id)
    scenario.configure({ takenNames: [hub.name] })
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(linked()).toEqual([hub.host])
  })

  it('stays while nobody may ask for the name, until the hub is there again', async () => {
    await scenario.built()
    const hub = hubOf('test')
    scenario.remove(hub.id)
    scenario.azure.setFaults([{ path: '/checkNameAvailability', times: 99, effect: refused }])
    const run = await scenario.apply()
    const writes = run.writes.map((write) => write.split('/').at(-2))
    const at = writes.indexOf('provisioningServices')
    if (at >= 0) expect(writes.indexOf('IotHubs')).toBeLessThan(at)
    expect(linked()).toEqual([hub.host])
    expect(links().every((link) => isAlive(scenario.azure.world, link))).toBe(true)
  })

  it.each(['taken', 'not told', 'free'])('of a destroy, with the name %s', async (which) => {
    const shared = await platform()
    await scenario.apply(shared)
    const hub = hubOf('test')
    scenario.remove(hub.id)
    if (which === 'taken') scenario.configure({ takenNames: [hub.name] })
    if (which === 'not told') {
      scenario.azure.setFaults([{ path: '/checkNameAvailability', times: 99, effect: refused }])
    }
    const run = await scenario.apply({ ...DESTROY, ...shared })
    const free = which === 'free'
    expect(linked().includes(hub.host)).toBe(!free)
    expect(linked()).toContain(hubOf('platform').host)
    expect(dpsPuts(run)).toHaveLength(free ? 1 : 0)
    if (!free) expect(run.log).toMatch(/leave +Hub link .*whether its name is free is not known/)
  })
})

describe('a write of the linked hubs', () => {
  it('whose answer is lost after it took effect is not sent again', async () => {
    const reset = { kind: 'reset', when: 'after' } as const
    scenario.azure.setFaults([{ method: 'PUT', path: DPS, nth: 2, effect: reset }])
    const run = await scenario.apply()
    const bodies = dpsPuts(run).map(({ requestBody }) => JSON.stringify(requestBody))
    expect(bodies).toHaveLength(2)
    expect(new Set(bodies).size).toBe(2)
    expect(linked()).toEqual([hubOf('test').host])
    expect((await scenario.apply()).writes).toEqual([])
  })

  it.each([503, 504])(
    'answered with %d by a gateway is read anew before the next',
    async (status) => {
      scenario.configure({ dpsHonoursIfMatch: false })
      const shared = await platform()
      const [link] = links()
      if (link === undefined) throw new Error('no link')
      const other = { ...link, name: 'hub-other.azure-devices.net' }
      const effect = { kind: 'answer', status } as const
      const run = await meanwhile(
        scenario,
        () => scenario.apply(shared),
        // Reads of the plan, before the first write, and before the second: somebody else links a hub until then.
        { method: 'GET', path: DPS, nth: 3, act: () => setLinks([...links(), other]) },
        [{ method: 'PUT', path: DPS, effect }]
      )
      const bodies = dpsPuts(run).map(({ requestBody }) => JSON.stringify(requestBody))
      expect(bodies).toHaveLength(2)
      expect(new Set(bodies).size).toBe(2)
      expect(linked()).toEqual([link.name, other.name, hubOf('test').host])
    }
  )

  it('of a destroy is done again when an older copy of the list brings the link back', async () => {
    scenario.configure({ dpsHonoursIfMatch: false })
    const shared = await platform()
    await scenario.apply(shared)
    const hub = hubOf('test')
    const before = links()
    let gone: boolean | undefined
    const run = await meanwhile(scenario, () => scenario.apply({ ...DESTROY, ...shared }), {
      method: 'GET',
      path: DPS,
      // Reads of the plan, before and after the write; this is the look once it has settled.
      nth: 4,
      act: () => {
        gone = !linked().includes(hub.host)
        setLinks(before)
      }
    })
    expect(gone).toBe(true)
    expect(linked()).toEqual([hubOf('platform').host])
    expect(dpsPuts(run)).toHaveLength(2)
  })
})

describe('an enrollment group on a shared DPS that changes as it is deleted', () => {
  it.each([
    ['goes where it is still ours', (hosts: string[]) => hosts, ['DELETE 412', 'DELETE 204'], 1],
    ['stays where it serves others', () => ['theirs.azure-devices.net'], ['DELETE 412'], 2]
  ] as const)('%s', async (_what, hostsOf, answers, left) => {
    const shared = await platform()
    await scenario.apply(shared)
    const groups = scenario.azure.world.enrollmentGroups
    const ours = [...groups.values()].find(({ id }) => id.includes('enroll-test'))
    if (ours === undefined) throw new Error('no group of ours')
    const run = await meanwhile(scenario, () => scenario.apply({ ...DESTROY, ...shared }), {
      method: 'DELETE',
      path: '/enrollmentGroups/enroll-test',
      act: () => {
        ours.body.etag = '"changed"'
        ours.body.iotHubs = hostsOf(ours.body.iotHubs as string[])
      }
    })
    const deletions = run.requests.filter(
      ({ method, url }) => /DELETE/.test(method) && /enroll-test/.test(url)
    )
    expect(deletions.map(({ method, status }) => `${method} ${status}`)).toEqual(answers)
    expect(groups.size).toBe(left)
  })
})

describe('a DPS that goes between two reads of a destroy is gone', () => {
  it.each([
    ['before its keys are read', 'POST', '/listkeys\\?', 1],
    ['before its enrollment groups are listed', 'POST', '/enrollmentGroups/query', 1],
    ['before they are listed for the plan', 'POST', '/enrollmentGroups/query', 2],
    ['before its enrollment group is read', 'GET', '/enrollmentGroups/[^/?]+\\?', 1],
    ['before the list that goes before its deletion', 'POST', '/enrollmentGroups/query', 3],
    ['before it is deleted', 'DELETE', DPS, 1]
  ] as const)('%s', async (_when, method, path, nth) => {
    await scenario.built()
    const { id } = dps()
    const run = await meanwhile(scenario, () => scenario.apply(DESTROY), {
      method,
      path,
      nth,
      act: () => scenario.remove(id)
    })
    expect([run.exitCode, scenario.all('provisioningServices')]).toEqual([0, []])
    // An earlier list may still show the DPS as a user of the namespace, which then waits for the next destroy.
    await scenario.apply(DESTROY)
    expect(left(scenario)).toEqual([])
  })

  it('but one that only a proxy does not know is not', async () => {
    await scenario.built()
    const before = scenario.shape()
    const effect = { kind: 'answer', status: 404, body: { message: 'no route' } } as const
    scenario.azure.setFaults([{ path: '/listkeys\\?', times: 99, effect }])
    const run = await scenario.run(DESTROY)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(scenario.shape()).toEqual(before)
  })
})
