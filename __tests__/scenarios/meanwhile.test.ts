import { describe, expect, it } from '@jest/globals'
import { linksOf, show } from '../../emulator/providers/links.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Somebody acts in the very moment between a decision of the run and the request that carries it out. */
async function meanwhile(
  method: 'GET' | 'PUT' | 'PATCH' | 'POST',
  path: string,
  act: () => void,
  nth = 1
): Promise<void> {
  scenario.azure.setFaults([{ method, path, nth, effect: { kind: 'delay', ms: 30_000 } }])
  const from = scenario.azure.requests.length
  const pattern = new RegExp(path, 'i')
  const sent = () =>
    scenario.azure.requests
      .slice(from)
      .filter((request) => request.method === method && pattern.test(request.url)).length
  while (sent() < nth) await new Promise((resolve) => setTimeout(resolve, 5))
  act()
}

describe('somebody changes things while a run is at work', () => {
  // The first read is that of the plan, the second that of the creation.
  it.each(['resourceGroups', 'userAssignedIdentities', 'namespaces', 'IotHubs'])(
    'and makes what is missing: it is theirs, and is not touched (%s)',
    async (type) => {
      await scenario.built()
      const one = scenario.only(type)
      const theirs = structuredClone({ ...one.body, tags: { owner: 'somebody' } })
      scenario.remove(one.id)
      const [run] = await Promise.all([
        scenario.run(),
        meanwhile(
          'GET',
          `/${type}/[^/]+\\?`,
          () => {
            scenario.azure.world.resources.set(one.id.toLowerCase(), { ...one, body: theirs })
          },
          2
        )
      ])
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('was made by somebody else')
      expect(scenario.only(type).body).toEqual(theirs)
    }
  )

  it('and makes a hub in the very last moment: Azure refuses to make it again', async () => {
    await scenario.built()
    const hub = scenario.only('IotHubs')
    const theirs = structuredClone({ ...hub.body, tags: { owner: 'somebody' } })
    scenario.remove(hub.id)
    const [run] = await Promise.all([
      scenario.run(),
      meanwhile('PUT', '/IotHubs/[^/]+\\?', () => {
        scenario.azure.world.resources.set(hub.id.toLowerCase(), { ...hub, body: theirs })
      })
    ])
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('was made by somebody else')
    expect(scenario.only('IotHubs').body).toEqual(theirs)
  })

  it('and is another run of ours, between the look at a hub and at its name', async () => {
    await scenario.built()
    const hub = scenario.only('IotHubs')
    scenario.remove(hub.id)
    await Promise.all([
      scenario.apply(),
      meanwhile('POST', '/checkNameAvailability', () => {
        scenario.azure.world.resources.set(hub.id.toLowerCase(), hub)
      })
    ])
    expect(scenario.only('IotHubs')).toBe(hub)
  })

  it('and deletes the namespace under it: the run fails, the next one mends it', async () => {
    const [run] = await Promise.all([
      scenario.run(),
      meanwhile('PUT', '/credentials/default\\?', () =>
        scenario.remove(scenario.only('namespaces').id)
      )
    ])
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('ParentResourceNotFound')
    scenario.azure.setFaults([])
    await scenario.apply()
    expect((await scenario.apply()).writes).toEqual([])
  })

  it('and links a hub of another environment to the DPS: both links stay', async () => {
    await scenario.built()
    const dps = scenario.only('provisioningServices')
    const [link] = linksOf(dps)
    if (link === undefined) throw new Error('no link')
    const other = { ...link, name: 'hub-other.azure-devices.net' }
    dps.secret.links = []
    scenario.set('provisioningServices', 'properties.iotHubs', [])
    await Promise.all([
      scenario.apply(),
      meanwhile('PUT', '/provisioningServices/[^/]+\\?', () => {
        dps.secret.links = [other]
        scenario.set('provisioningServices', 'properties.iotHubs', [show(other)])
        scenario.set('provisioningServices', 'etag', 'changed')
      })
    ])
    const names = linksOf(dps).map(({ name }) => name)
    expect(new Set(names)).toEqual(new Set([link.name, other.name]))
    expect(names).toHaveLength(2)
  })

  it('and takes away what was just made: the look at the end finds it', async () => {
    const [run] = await Promise.all([
      scenario.run(),
      meanwhile('PUT', '/enrollmentGroups/', () => scenario.remove(scenario.only('IotHubs').id))
    ])
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('IoT hub')
    scenario.azure.setFaults([])
    await scenario.apply()
    expect(scenario.all('IotHubs')).toHaveLength(1)
  })

  it('and adds a tag: it stays', async () => {
    await scenario.built({ tags: 'team=iot' })
    const [run] = await Promise.all([
      scenario.apply({ tags: 'team=web' }),
      meanwhile('PATCH', '/IotHubs/.*/tags/default', () =>
        scenario.set('IotHubs', 'tags.theirs', 'x')
      )
    ])
    expect(run.exitCode).toBe(0)
    expect(scenario.only('IotHubs').body.tags).toMatchObject({ team: 'web', theirs: 'x' })
  })
})
