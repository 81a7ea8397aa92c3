import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { removeResource } from '../../emulator/world.ts'
import { IS_EXHAUSTIVE } from './sample.ts'
import { type Body, type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()
/** Each case is several whole runs. */
const CASES = IS_EXHAUSTIVE ? 8 : 2

const inputs = fc.record({
  certificates: fc.constantFrom('true', 'false'),
  'hub-location': fc.constantFrom('westeurope', 'northeurope'),
  'onboarding-role': fc.constantFrom('true', 'false'),
  'hub-app-grant': fc.constantFrom('optional', 'skip'),
  tags: fc.constantFrom('', 'team=iot', 'team=iot\ncost=1')
})

/** Ways in which somebody may have changed an environment behind our back. */
const DRIFTS: Readonly<Record<string, () => void>> = {
  'tag of the hub': () => change('IotHubs', ({ tags }) => void delete tags.team),
  'tag of the group': () =>
    change('resourceGroups', ({ tags }) => Object.assign(tags, { team: 'x' })),
  'leaf validity': () =>
    change('policies', ({ properties }) => {
      properties.certificate.leafCertificateConfiguration.validityPeriodInDays = 88
    }),
  'namespace identity': () =>
    change('namespaces', (body) => Object.assign(body, { identity: { type: 'None' } })),
  link: () => {
    for (const dps of scenario.all('provisioningServices')) {
      dps.secret.links = []
      dps.body.properties.iotHubs = []
    }
  },
  certificates: () => {
    for (const hub of scenario.all('IotHubs'))
      (hub.secret.certificates as Map<string, unknown>)?.clear()
  },
  grant: () => {
    const [grant] = scenario.grants
    if (grant) scenario.azure.world.roleAssignments.delete(grant.id.toLowerCase())
  },
  'hub gone': () => drop('IotHubs'),
  'policy gone': () => drop('policies'),
  'identity gone': () => drop('userAssignedIdentities'),
  'enrollment gone': () => scenario.azure.world.enrollmentGroups.clear()
}

const drifted = fc.tuple(
  inputs,
  fc.uniqueArray(fc.constantFrom(...Object.keys(DRIFTS)), { maxLength: 4 })
)

/** An environment that was built and then changed behind our back. */
async function drift(
  given: Readonly<Record<string, string>>,
  drifts: readonly string[]
): Promise<void> {
  scenario.azure.reset()
  await scenario.apply(given)
  for (const name of drifts) DRIFTS[name]?.()
}

function change(type: string, edit: (body: Body) => unknown): void {
  for (const { body } of scenario.all(type)) edit(body)
}

function drop(type: string): void {
  for (const { id } of scenario.all(type)) removeResource(scenario.azure.world, id)
}

/** Addresses, as a write shows them, that carrying out a plan's item may write to. */
function addresses({ id, resource }: Body): readonly string[] {
  const path = String(resource).replace(/^\/subscriptions\/[^/]+/, '')
  if (/^(stale-)?link\//.test(id)) return [path.replace(/#.*/, '')]
  if (id.startsWith('grant/')) return [`${path}/providers/Microsoft.Authorization/roleAssignments/`]
  if (id === 'sync') return [`${path}/synchronize`]
  if (id.startsWith('enrollment-group/')) return [path.replace(/.*(?=\/enrollmentGroups\/)/, '')]
  return [path, `${path}/providers/Microsoft.Resources/tags/default`]
}

/** Which items of the plan no write belongs to, and which writes belong to no item. */
function disagreement(run: Outcome) {
  const work = Object.values(run.plan).filter(({ id }) => id in run.work)
  const written = run.writes.map((write) => write.slice(write.indexOf(' ') + 1))
  const belongs = (item: Body, path: string) =>
    addresses(item).some((address) =>
      address.endsWith('/') ? path.startsWith(address) : path === address
    )
  return {
    unwritten: work
      .filter((item) => !written.some((path) => belongs(item, path)))
      .map(({ id }) => id),
    unplanned: written.filter((path) => !work.some((item) => belongs(item, path)))
  }
}

describe('for any environment and any drift', () => {
  it('apply does what the plan said, and then there is nothing left to plan', async () => {
    await fc.assert(
      fc.asyncProperty(drifted, async ([given, drifts]) => {
        await drift(given, drifts)
        const plan = await scenario.run({ ...given, operation: 'plan' })
        expect([plan.exitCode, plan.writes]).toEqual([0, []])
        const applied = await scenario.apply(given)
        expect(applied.work).toEqual(plan.work)
        expect(disagreement(applied)).toEqual({ unwritten: [], unplanned: [] })
        const after = await scenario.run({ ...given, operation: 'plan' })
        expect([after.work, after.writes]).toEqual([{}, []])
        const verified = await scenario.run({ ...given, operation: 'verify' })
        expect([verified.failure, verified.writes]).toEqual(['', []])
      }),
      { numRuns: CASES }
    )
  })

  it('destroy takes everything, whatever was left of it', async () => {
    await fc.assert(
      fc.asyncProperty(drifted, async ([given, drifts]) => {
        await drift(given, drifts)
        await scenario.apply({ operation: 'destroy', confirm: 'test' })
        expect([...scenario.azure.world.resources.keys()]).toEqual([])
        expect(scenario.azure.world.enrollmentGroups.size).toBe(0)
        // A grant whose principal was deleted by hand lives on its scope, and ends with it.
        expect(scenario.grants).toEqual([])
      }),
      { numRuns: CASES }
    )
  })
})

/** Things of others, each with a way to look at it again. */
const STRANGERS: Readonly<Record<string, () => () => unknown>> = {
  'a resource in our group': () => {
    const [group] = scenario.all('resourceGroups')
    const id = `${group?.id}/providers/Microsoft.Storage/storageAccounts/theirs`
    const body = { id, name: 'theirs', type: 'Microsoft.Storage/storageAccounts', tags: { a: 'b' } }
    scenario.azure.world.resources.set(id.toLowerCase(), { id, body, secret: {} })
    return () => scenario.azure.world.resources.get(id.toLowerCase())?.body
  },
  'a policy below our credential': () => {
    const [policy] = scenario.all('policies')
    if (policy === undefined) return () => undefined
    const id = policy.id.replace(/[^/]+$/, 'theirs')
    const body = { ...structuredClone(policy.body), id, name: 'theirs', tags: {} }
    scenario.azure.world.resources.set(id.toLowerCase(), { id, body, secret: { ...policy.secret } })
    return () => scenario.azure.world.resources.get(id.toLowerCase())?.body
  },
  'an enrollment group on our DPS': () => {
    const [key, own] = [...scenario.azure.world.enrollmentGroups][0] ?? []
    if (key === undefined || own === undefined) return () => undefined
    const theirs = key.replace(/[^/]+$/, 'theirs')
    scenario.azure.world.enrollmentGroups.set(theirs, {
      id: own.id.replace(/[^/]+$/, 'theirs'),
      body: { ...own.body, enrollmentGroupId: 'theirs', iotHubs: ['stranger.azure-devices.net'] },
      secret: { ...own.secret }
    })
    return () => scenario.azure.world.enrollmentGroups.get(theirs)?.body
  },
  'a hub of another environment in our namespace': () => {
    const [hub] = scenario.all('IotHubs')
    const [group] = scenario.all('resourceGroups')
    if (hub === undefined || group === undefined) return () => undefined
    const elsewhere = group.id.replace(/[^/]+$/, 'rg-theirs')
    scenario.azure.world.resources.set(elsewhere.toLowerCase(), {
      id: elsewhere,
      body: { ...structuredClone(group.body), id: elsewhere, name: 'rg-theirs', tags: {} },
      secret: {}
    })
    const id = `${elsewhere}/providers/Microsoft.Devices/IotHubs/stranger`
    const body = {
      ...structuredClone(hub.body),
      id,
      name: 'stranger',
      tags: { ...hub.body.tags, 'iot-environment': 'theirs' },
      properties: {
        ...structuredClone(hub.body.properties),
        hostName: 'stranger.azure-devices.net'
      }
    }
    scenario.azure.world.resources.set(id.toLowerCase(), {
      id,
      body,
      secret: { keys: hub.secret.keys }
    })
    return () => scenario.azure.world.resources.get(id.toLowerCase())?.body
  },
  'a link on our DPS': () => {
    const [dps] = scenario.all('provisioningServices')
    if (dps === undefined) return () => undefined
    const links = dps.secret.links as { name: string }[]
    const [own] = links
    const name = 'theirs.azure-devices.net'
    dps.secret.links = [...links, { ...own, name }]
    dps.body.properties.iotHubs = [
      ...dps.body.properties.iotHubs,
      {
        ...dps.body.properties.iotHubs[0],
        name,
        connectionString:
          'HostName=theirs.azure-devices.net;SharedAccessKeyName=iothubowner;SharedAccessKey=****'
      }
    ]
    return () => {
      const kept = (dps.secret.links as { name: string; key: string }[]).find(
        (link) => link.name === name
      )
      return kept && [kept.name, kept.key]
    }
  },
  'a grant on the subscription': () => {
    const scope = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
    const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/theirs`
    const body = {
      id,
      name: 'theirs',
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        scope,
        principalId: 'somebody',
        roleDefinitionId: `${scope}/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c`
      }
    }
    scenario.azure.world.roleAssignments.set(id.toLowerCase(), {
      id,
      body,
      secret: { effectiveAt: 0 }
    })
    return () => scenario.azure.world.roleAssignments.get(id.toLowerCase())?.body
  }
}

describe('for anything of others, anywhere', () => {
  it('apply, destroy and sweep leave each as it was', async () => {
    const some = fc.uniqueArray(fc.constantFrom(...Object.keys(STRANGERS)), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(some, fc.boolean(), async (names, sweeping) => {
        scenario.azure.reset()
        await scenario.apply({ 'expires-after': '1h' })
        const planted = names.map(
          (name) => [name, STRANGERS[name]?.() ?? (() => undefined)] as const
        )
        const before = planted.map(([name, look]) => [name, structuredClone(look())])
        const now = () => planted.map(([name, look]) => [name, look()])
        expect((await scenario.apply({ 'expires-after': '1h' })).writes).toEqual([])
        expect(now()).toEqual(before)
        if (sweeping) {
          for (const { body } of scenario.all('resourceGroups')) {
            if (body.tags['iot-expires']) body.tags['iot-expires'] = '2020-01-01T00:00:00.000Z'
          }
          await scenario.apply({
            operation: 'sweep',
            confirm: 'octo-org/octo-repo',
            environment: '',
            location: ''
          })
        } else await scenario.apply({ operation: 'destroy', confirm: 'test' })
        expect(now()).toEqual(before)
        // What nobody else needs is gone all the same.
        const hubs = scenario.all('IotHubs').map(({ body }) => body.name)
        expect(hubs.filter((name) => name !== 'stranger')).toEqual([])
      }),
      { numRuns: CASES }
    )
  })
})
