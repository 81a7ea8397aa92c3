import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { register, requestFor } from '../csrDevice.ts'
import { Scenario } from '../scenario.ts'
import { Linked, NEWEST } from './linkedEnvironment.ts'

const scenario = new Scenario()
const linked = new Linked(scenario)

const inputs = { policies: 'default=30\nfactory=1', policy: 'factory' }

/** A device that asks its enrollment group for a hub and a certificate. */
async function registered(scope: string | undefined, withRequest = true) {
  const csr = withRequest ? { csr: await requestFor('device-1') } : {}
  const { primaryKey } = scenario.enrollmentGroup.secret.symmetricKey as { primaryKey: string }
  const device = { id: 'device-1', scope: scope ?? '', groupKey: primaryKey, apiVersion: NEWEST }
  return register(scenario.azure, { ...device, ...csr })
}

/** The certificates of a chain that was issued; each is signed by the next, which is checked. */
function chainOf(issued: readonly string[]): readonly X509Certificate[] {
  const chain = issued.map((der) => new X509Certificate(Buffer.from(der, 'base64')))
  for (const [index, one] of chain.slice(0, -1).entries())
    expect(one.verify((chain[index + 1] as X509Certificate).publicKey)).toBe(true)
  return chain
}

/** Thumbprints of the CAs that the hub holds: a device whose chain ends in one of them is let in. */
function trusted(): readonly string[] {
  const { certificates } = scenario.only('IotHubs').secret as {
    certificates: Map<string, { properties: { thumbprint: string } }>
  }
  return [...certificates.values()].map(({ properties }) => properties.thumbprint.toUpperCase())
}

describe('a device of the new model', () => {
  it.each(['deviceHostName', 'hostName'])(
    'gets its hub (%s) and a certificate that the hub trusts',
    async (assignedHub) => {
      scenario.configure({ registry: { assignedHub } })
      const { outputs } = await linked.apply(inputs)
      const state = await registered(outputs['dps-id-scope'])
      const { properties } = scenario.only('IotHubs').body
      expect(state).toMatchObject({ status: 'assigned', assignedHub: properties[assignedHub] })
      const chain = chainOf(state.issuedCertificateChain)
      expect(chain.map(({ subject }) => subject)).toEqual([
        'CN=device-1',
        'CN=issuing-factory',
        'CN=root'
      ])
      const [leaf, issuing] = chain
      const days = Date.parse(leaf?.validTo ?? '') - Date.parse(leaf?.validFrom ?? '')
      expect(Math.round(days / 86_400_000)).toBe(1)
      expect(trusted()).toContain(issuing?.fingerprint.replaceAll(':', ''))
      expect(scenario.all('registryDevices')).toHaveLength(1)
      // What came of it is nobody's drift.
      expect((await linked.apply(inputs)).writes).toEqual([])
    }
  )

  it('gets a hub without certificates too', async () => {
    const { outputs } = await linked.apply({ certificates: 'false' })
    const state = await registered(outputs['dps-id-scope'], false)
    expect(state).toMatchObject({ status: 'assigned' })
  })

  it('still registers after everything was repaired that can break', async () => {
    await linked.built()
    linked.remove('IotHubs')
    scenario.set('namespaces', 'properties.provisioningState', 'Failed')
    const { outputs } = await linked.mended()
    const state = await registered(outputs['dps-id-scope'])
    expect(state).toMatchObject({ status: 'assigned' })
  })
})
