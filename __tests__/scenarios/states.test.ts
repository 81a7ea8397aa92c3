import { createServer } from 'node:net'
import { describe, expect, it } from '@jest/globals'
import { isAlive, linksOf } from '../../emulator/providers/links.ts'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Does something shortly after a run has looked at the resource. */
function onceSeen(id: string, act: () => void): void {
  const seen = () => scenario.azure.requests.slice(from).some(({ url }) => url.includes(`${id}?`))
  const from = scenario.azure.requests.length
  const timer = setInterval(() => {
    if (!seen()) return
    clearInterval(timer)
    setTimeout(act, 150)
  }, 10)
}

describe('a resource that Azure is deleting', () => {
  it.each(['IotHubs', 'namespaces', 'provisioningServices'])(
    'is waited for and made again, with all that hangs on it: %s',
    async (type) => {
      await scenario.built()
      // Azure lets a namespace go only when nothing is joined to it.
      const ids = (type === 'namespaces' ? ['IotHubs', 'provisioningServices', type] : [type]).map(
        (one) => scenario.only(one).id
      )
      for (const id of ids.slice(0, -1)) scenario.remove(id)
      const [id = ''] = ids.slice(-1)
      scenario.set(type, 'properties.provisioningState', 'Deleting')
      onceSeen(id, () => scenario.remove(id))
      await scenario.apply()
      expect((await scenario.apply()).writes).toEqual([])
      const [link] = linksOf(scenario.only('provisioningServices'))
      expect(link && isAlive(scenario.azure.world, link)).toBe(true)
    }
  )

  it('may be the whole resource group', async () => {
    await scenario.built()
    const { id } = scenario.only('resourceGroups')
    scenario.set('resourceGroups', 'properties.provisioningState', 'Deleting')
    onceSeen(id, () => scenario.remove(id))
    await scenario.apply()
    expect((await scenario.apply()).writes).toEqual([])
  })
})

describe('a resource that is not ready', () => {
  it('is waited for: an activating hub', async () => {
    await scenario.built()
    scenario.set('IotHubs', 'properties.state', 'Activating')
    onceSeen(scenario.only('IotHubs').id, () =>
      scenario.set('IotHubs', 'properties.state', 'Active')
    )
    const run = await scenario.apply()
    expect([run.writes, run.outputs.changed]).toEqual([[], 'false'])
    expect(run.result.steps.map(({ outcome }: { outcome: string }) => outcome)).toContain('waited')
  })

  it('keeps the keys and settings of its enrollment groups: a DPS in transition', async () => {
    await scenario.built()
    const group = scenario.enrollmentGroup
    group.body.provisioningStatus = 'disabled'
    const keys = structuredClone(group.secret.symmetricKey)
    scenario.set('provisioningServices', 'properties.serviceOperationsHostName', undefined)
    scenario.set('provisioningServices', 'properties.state', 'Transitioning')
    onceSeen(scenario.only('provisioningServices').id, () => {
      const { name } = scenario.only('provisioningServices').body
      scenario.set(
        'provisioningServices',
        'properties.serviceOperationsHostName',
        `${name}.azure-devices-provisioning.net`
      )
      scenario.set('provisioningServices', 'properties.state', 'Active')
    })
    await scenario.apply()
    expect(scenario.enrollmentGroup.secret.symmetricKey).toEqual(keys)
    expect(scenario.enrollmentGroup.body.provisioningStatus).toBe('disabled')
  })

  it('and will not become so is said at once: a suspended DPS', async () => {
    await scenario.built()
    scenario.set('provisioningServices', 'properties.state', 'Suspended')
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('is in state Suspended')
    expect(run.failure).toContain('activity log')
  })

  it('and failed is finished when it is ours: a namespace', async () => {
    await scenario.built()
    scenario.set('namespaces', 'properties.provisioningState', 'Failed')
    const run = await scenario.apply()
    expect(run.writes).toHaveLength(1)
    expect(scenario.only('namespaces').body.properties.provisioningState).toBe('Succeeded')
  })

  it('and somebody else’s is neither waited for nor touched', async () => {
    await scenario.built()
    const { grants } = scenario
    scenario.set('IotHubs', 'tags.iot-environment', 'other')
    scenario.set('IotHubs', 'properties.state', 'Activating')
    for (const { id } of grants) scenario.azure.world.roleAssignments.delete(id.toLowerCase())
    const run = await scenario.run()
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain("environment 'other'")
    expect(run.outputs).not.toHaveProperty('hub-id')
  })

  it('and is shared is its owner’s to mend', async () => {
    await scenario.built()
    scenario.set('IotHubs', 'tags', {})
    scenario.set('IotHubs', 'properties.state', 'Failed')
    const run = await scenario.run()
    expect(run.failure).toContain('its owner')
    expect(run.failure).not.toContain('az resource delete')
  })
})

describe('a creation whose answer is lost', () => {
  it('is found and waited for as long as Azure takes', async () => {
    scenario.configure({
      latency: { hubCreate: 240_000, dpsCreate: 120_000, namespaceWrite: 180_000 }
    })
    scenario.azure.setFaults(
      ['IotHubs', 'provisioningServices', 'namespaces'].map((type) => ({
        method: 'PUT',
        path: `/${type}/[^/]+\\?`,
        effect: { kind: 'reset' as const, when: 'after' as const }
      }))
    )
    const run = await scenario.apply()
    expect(run.writes.filter((write) => /\/(IotHubs|namespaces)\/[^/]+$/.test(write))).toHaveLength(
      2
    )
    expect((await scenario.apply()).writes).toEqual([])
  })
})

describe('inputs that change later', () => {
  it('cannot swap the identity of a hub that lives', async () => {
    await scenario.built()
    const run = await scenario.run({ identity: 'another-one' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('identityResourceId')
  })

  it('that point into a group that does not exist are noticed before anything is written', async () => {
    const run = await scenario.run({
      namespace: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}/resourceGroups/nope/providers/Microsoft.DeviceRegistry/namespaces/adr-x`
    })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('neither does the resource group in its id')
  })
})

describe('phases', () => {
  it('do not fail over what they do not need', async () => {
    await scenario.built()
    const [dps] = scenario.all('provisioningServices')
    if (dps) dps.secret.keys = []
    const run = await scenario.apply({ phases: 'hub', 'enrollment-auth': 'sas' })
    expect(run.outputs['hub-id']).toBe(scenario.only('IotHubs').id)
    expect(run.outputs).not.toHaveProperty('enrollment-group')
  })

  it('check region and version even without the phase identity', async () => {
    await scenario.built({ phases: 'identity, namespace' })
    scenario.configure({ locations: { 'Microsoft.Devices/IotHubs': ['eastus'] } })
    const run = await scenario.run({ phases: 'hub' })
    expect([run.exitCode, run.writes]).toEqual([1, []])
    expect(run.failure).toContain('not offered in the region westeurope')
  })
})

describe('several failures', () => {
  it('are all told', async () => {
    await scenario.built({ phases: 'identity, namespace' })
    scenario.configure({
      deployer: {
        grants: [
          { role: 'Reader', scope: `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}` }
        ]
      }
    })
    const both = await scenario.run({
      phases: 'certificates, hub, dps',
      'role-assignments': 'skip'
    })
    expect(both.failure).toMatch(/\d steps failed/)
    expect(both.failure).toContain('Microsoft.Devices/IotHubs/Write')
    expect(both.failure).toContain('Microsoft.Devices/provisioningServices/Write')
    expect(both.summary).not.toContain('### Changes')
  })
})

describe('a network that swallows everything', () => {
  it('does not outlive the deadline', async () => {
    const server = createServer(() => {})
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    try {
      const run = await scenario.run(
        { 'timeout-minutes': '1' },
        { env: { HTTPS_PROXY: `http://127.0.0.1:${port}` } }
      )
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('stopped after 1 minutes')
    } finally {
      server.close()
    }
  })

  it('that refuses GitHub’s token is told from one that refuses Entra’s', async () => {
    const run = await scenario.run({}, { env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' } })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('GitHub did not give this job its OIDC token')
    expect(run.failure).toContain('401')
  })
})
