import { describe, expect, it } from '@jest/globals'
import type { World } from '../../../emulator/kernel.ts'
import { copyWorld, restoreWorld } from '../../../emulator/world.ts'
import { recover } from '../crashes.ts'
import { meanwhile } from '../moments.ts'
import { Plants } from '../plants.ts'
import { apply, PATIENCE_MS, Pool, told } from '../pool.ts'
import { type Body, Scenario } from '../scenario.ts'
import { at, endpointNames, linkedHubs, NEW, plantIn } from './leaving.ts'

const scenario = new Scenario()
const plants = new Plants(scenario)
const pool = new Pool('fast')

const PLATFORM = { ...NEW, environment: 'platform' }
const LEAVE = {
  ...NEW,
  operation: 'destroy',
  environment: 'branch',
  confirm: 'branch',
  location: ''
}

/** A platform, and a branch that has joined it. @returns inputs of the branch */
async function joined() {
  await scenario.built(PLATFORM)
  const shared = {
    ...NEW,
    environment: 'branch',
    namespace: scenario.only('namespaces').id,
    dps: scenario.only('provisioningServices').id
  }
  const before = state()
  await scenario.apply(shared)
  expect(linkedHubs(scenario)).toEqual(['branch', 'platform'])
  return { shared, before }
}

function state(): Body {
  const everything = plants.state()
  for (const body of Object.values(everything.resources as Record<string, Body>)) delete body.etag
  return everything
}

const readers = () =>
  scenario.grants.filter(({ body }) =>
    String(body.properties.roleDefinitionId).endsWith('acdd72a7-3385-48ef-bd42-f606fba81ae7')
  )

describe('a hub that leaves a shared namespace', () => {
  it('is deleted, then seen to be gone, then dropped, and leaves nothing', async () => {
    const { before } = await joined()
    const run = await scenario.apply(LEAVE)
    const order = [
      at(run, 'DELETE', /\/IotHubs\/[^/]+$/),
      at(run, 'PUT', /\/roleAssignments\/[^/]+$/),
      at(run, 'PUT', /\/namespaces\/[^/]+$/),
      at(
        run,
        'DELETE',
        /\/resourceGroups\/[^/]+\/providers\/Microsoft.Authorization\/roleAssignments\/[^/]+$/
      ),
      at(run, 'DELETE', /\/resourceGroups\/[^/]+$/i)
    ]
    expect(order).toEqual([...order].sort((a, b) => a - b))
    expect(order[0]).toBeGreaterThan(0)
    expect(state()).toEqual(before)
    expect((await scenario.apply(PLATFORM)).writes).toEqual([])
  })

  it('waits for another writer of the namespace, and keeps what that one wrote', async () => {
    await joined()
    scenario.configure({ latency: { namespaceUpdate: 60_000, hubLink: 60_000 } })
    const { namespace, dps } = {
      namespace: scenario.only('namespaces').id,
      dps: scenario.only('provisioningServices').id
    }
    const other = { ...NEW, environment: 'other', namespace, dps }
    await Promise.all([scenario.apply(LEAVE), scenario.apply(other)])
    expect(linkedHubs(scenario)).toEqual(['other', 'platform'])
    expect(endpointNames(scenario)).toHaveLength(3)
  })

  it('keeps an endpoint that arrives between its last look and its write', async () => {
    await joined()
    const { id, body } = scenario.only('namespaces')
    const theirs = id.replace(/\/providers\/.*/, '/providers/Microsoft.Devices/IotHubs/theirs')
    const run = await meanwhile(scenario, () => scenario.apply(LEAVE), {
      method: 'PUT',
      path: '/namespaces/[^/?]+\\?',
      act: () => {
        const type = 'Microsoft.Devices/IotHubs'
        plantIn(scenario, theirs, {
          type,
          tags: {},
          properties: { hostName: 'theirs.azure-devices.net' }
        })
        body.properties.messaging.endpoints.theirs = {
          endpointType: type,
          resourceId: theirs,
          linkingState: 'Succeeded'
        }
      }
    })
    expect(
      run.requests.filter(({ method, status }) => method === 'PUT' && status === 409)
    ).toHaveLength(1)
    expect(endpointNames(scenario)).toContain('theirs')
    expect(endpointNames(scenario)).toHaveLength(3)
    expect(readers()).toEqual([])
  })

  it('that an earlier crash left as a dead endpoint is dropped by the next destroy', async () => {
    const { before, shared } = await joined()
    // What it was deleted after is gone as well.
    const { enrollmentGroups, roleAssignments } = scenario.azure.world
    const hub = scenario.all('IotHubs').find(({ body }) => /branch/.test(body.name))
    for (const key of enrollmentGroups.keys()) if (/branch/.test(key)) enrollmentGroups.delete(key)
    for (const [key, { body }] of roleAssignments) {
      const { principalId } = body.properties as Body
      if (principalId === hub?.body.identity.principalId) roleAssignments.delete(key)
    }
    scenario.remove(hub?.id ?? '')
    expect(endpointNames(scenario)).toHaveLength(3)
    const run = await scenario.apply(LEAVE)
    expect(at(run, 'PUT', /\/namespaces\/[^/]+$/)).toBeGreaterThan(0)
    expect(state()).toEqual(before)
    await scenario.apply(shared)
    expect(linkedHubs(scenario)).toEqual(['branch', 'platform'])
  })

  it('that an earlier crash left as a dead endpoint is linked anew by the next apply', async () => {
    const { shared } = await joined()
    const hub = scenario.all('IotHubs').find(({ body }) => /branch/.test(body.name))
    scenario.remove(hub?.id ?? '')
    await scenario.apply(shared)
    expect(linkedHubs(scenario)).toEqual(['branch', 'platform'])
    expect(readers()).toEqual([])
    const again = await scenario.apply(shared)
    expect(again.writes).toEqual([])
  })

  it('has the right to see it gone taken back, also when a run broke off before that', async () => {
    const { shared } = await joined()
    const hub = scenario.all('IotHubs').find(({ body }) => /branch/.test(body.name))
    scenario.remove(hub?.id ?? '')
    const body = { error: { code: 'AuthorizationFailed', message: 'Not now.' } }
    const refused = { kind: 'answer', status: 403, body } as const
    scenario.azure.setFaults([
      { method: 'DELETE', path: '/roleAssignments/', times: 99, effect: refused }
    ])
    expect((await scenario.run(shared)).exitCode).toBe(1)
    expect(readers()).toHaveLength(1)
    scenario.azure.setFaults([])
    const run = await scenario.apply(shared)
    expect(run.plan[`unlink/${hub?.body.name}`]?.reason).toBe('take back Reader on its group')
    expect(readers()).toEqual([])
    expect(linkedHubs(scenario)).toEqual(['branch', 'platform'])
  })
})

it(
  'leaves the namespace whole, whenever a destroy crashed',
  async () => {
    let saved: World | undefined
    await pool.map([0], async (azure) => {
      const platform = await apply(azure, PLATFORM)
      expect(told(platform)).not.toContain('::error')
      const shared = {
        namespace: platform.outputs['namespace-id'] ?? '',
        dps: platform.outputs['dps-id'] ?? ''
      }
      expect(told(await apply(azure, { ...NEW, environment: 'branch', ...shared }))).not.toContain(
        '::error'
      )
      saved = copyWorld(azure.world)
    })
    const wrong = await recover(pool, LEAVE, ({ world }) => saved && restoreWorld(world, saved))
    expect(wrong).toEqual([])
  },
  PATIENCE_MS
)
