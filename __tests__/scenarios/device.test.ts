import { webcrypto } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { ask } from './client.ts'
import { expiry, register, requestFor, SharedAccessSignature } from './csrDevice.ts'
import { type Body, Scenario } from './scenario.ts'

const scenario = new Scenario()
const VERSION = 'api-version=2025-07-01-preview'

/** A device of the one enrollment group. */
function registered(scope: string, id: string, csr?: string): Promise<Body> {
  const { primaryKey } = scenario.enrollmentGroup.secret.symmetricKey as { primaryKey: string }
  return register(scenario.azure, {
    id,
    scope,
    groupKey: primaryKey,
    apiVersion: '2025-07-01-preview',
    ...(csr && { csr })
  })
}

describe('a device', () => {
  it('gets a hub and a certificate of the policy that the enrollment group is bound to', async () => {
    const run = await scenario.apply({ policies: 'default=30\nfactory=7', policy: 'factory' })
    const csr = await requestFor('device-1')
    const state = await registered(run.outputs['dps-id-scope'] ?? '', 'device-1', csr)
    expect(state).toMatchObject({
      status: 'assigned',
      assignedHub: run.outputs['hub-hostname'],
      deviceId: 'device-1'
    })
    const chain = (state.issuedCertificateChain as string[]).map(
      (der) => new x509.X509Certificate(Buffer.from(der, 'base64'))
    )
    const [leaf, issuing, root] = chain as [
      x509.X509Certificate,
      x509.X509Certificate,
      x509.X509Certificate
    ]
    expect(leaf.subject).toBe('CN=device-1')
    const date = new Date(leaf.notBefore.getTime() + 1000)
    expect(
      await leaf.verify({ publicKey: issuing.publicKey, date }, webcrypto as webcrypto.Crypto)
    ).toBe(true)
    expect(
      await issuing.verify({ publicKey: root.publicKey, date }, webcrypto as webcrypto.Crypto)
    ).toBe(true)
    expect(Math.round((leaf.notAfter.getTime() - leaf.notBefore.getTime()) / 86_400_000)).toBe(7)
    const factory = scenario.all('policies').find(({ body }) => body.name === 'factory')
    expect(issuing.subject).toBe(
      factory?.body.properties.certificate.certificateAuthorityConfiguration.subject
    )
  })

  it('gets a hub without certificates too', async () => {
    const run = await scenario.apply({ certificates: 'false' })
    const state = await registered(run.outputs['dps-id-scope'] ?? '', 'device-2')
    expect(state).toMatchObject({ status: 'assigned', assignedHub: run.outputs['hub-hostname'] })
  })
})

describe('the service data plane', () => {
  it('opens to a signature made by a third party, with the key that Azure tells', async () => {
    const run = await scenario.apply()
    const host = run.outputs['dps-hostname'] ?? ''
    const keys = scenario.only('provisioningServices').secret.keys as {
      keyName: string
      primaryKey: string
    }[]
    const { primaryKey } = keys.find(({ keyName }) => keyName === 'provisioningserviceowner') ?? {}
    const url = `https://${host}/enrollmentGroups/${run.outputs['enrollment-group']}?${VERSION}`
    const sign = (key: string) =>
      SharedAccessSignature.create(
        host,
        'provisioningserviceowner',
        key,
        expiry(scenario.azure)
      ).toString()
    const answer = await ask(scenario.azure.env, {
      url,
      headers: { authorization: sign(primaryKey ?? '') }
    })
    expect(answer).toMatchObject({ status: 200, body: { credentialPolicyName: 'default' } })
    const wrong = Buffer.alloc(32).toString('base64')
    const refused = await ask(scenario.azure.env, { url, headers: { authorization: sign(wrong) } })
    expect(refused.status).toBe(401)
  })

  it('opens by Entra when the deploying identity has the role', async () => {
    const subscription = `/subscriptions/${scenario.azure.env.AZURE_SUBSCRIPTION_ID}`
    const refused = await scenario.run({ 'enrollment-auth': 'entra' })
    expect(refused.exitCode).toBe(1)
    scenario.configure({
      deployer: {
        grants: [
          { role: 'Owner', scope: subscription },
          { role: 'dfce44e4-17b7-4bd1-a6d1-04996ec95633', scope: subscription }
        ]
      }
    })
    const run = await scenario.apply({ 'enrollment-auth': 'entra' })
    expect(run.requests.filter(({ url }) => /provisioningServices.*listkeys/i.test(url))).toEqual(
      []
    )
    expect((await scenario.apply({ 'enrollment-auth': 'entra' })).writes).toEqual([])
  })
})
