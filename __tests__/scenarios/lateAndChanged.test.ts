import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()
const LATE_MS = 20_000
const TAGS = { tags: 'team=iot' }

describe('what is told late of a resource that also differs', () => {
  it.each([
    ['enrollment', { dpsHostName: LATE_MS }],
    ['dps', { hubHostName: LATE_MS }],
    ['sync', { policySubject: LATE_MS }]
  ] as const)(
    'is waited for by the phase %s, which leaves the difference alone',
    async (phases, late) => {
      await scenario.built()
      scenario.configure({ late })
      const run = await scenario.apply({ ...TAGS, phases })
      const tagged = scenario.all('[^/]+').filter(({ body }) => body.tags?.team)
      expect(tagged.map(({ body }) => body.type)).toEqual(
        phases === 'dps' ? ['Microsoft.Devices/provisioningServices'] : []
      )
      expect(run.outputs.changed).toBe(String(phases === 'dps'))
    }
  )

  it('makes nothing that is there look missing', async () => {
    await scenario.built()
    scenario.configure({
      late: {
        namespacePrincipal: LATE_MS,
        identityPrincipal: LATE_MS,
        policySubject: LATE_MS,
        dpsHostName: LATE_MS,
        hubHostName: LATE_MS
      }
    })
    const { plan } = await scenario.apply({ ...TAGS, operation: 'plan' })
    const actions = Object.values(plan).map(({ action }) => action)
    expect(new Set(actions)).toEqual(new Set(['await', 'change', 'keep']))
  })
})

describe('a destroy', () => {
  it.each([
    ['the device host name of the DPS', 'provisioningServices', 'deviceProvisioningHostName'],
    ['the client id of the identity', 'userAssignedIdentities', 'clientId']
  ])('does not need %s', async (_what, type, property) => {
    await scenario.built()
    delete scenario.only(type).body.properties[property]
    await scenario.apply({ operation: 'destroy', confirm: 'test' })
    expect(scenario.all('[^/]+')).toEqual([])
  })
})
