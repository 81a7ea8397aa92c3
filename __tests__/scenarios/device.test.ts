import { createHmac, webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { ask } from './client.ts'
import { type Body, Scenario } from './scenario.ts'

// Microsoft's own maker of signatures: ours and the emulator's reader of them cannot share a mistake with it.
const { SharedAccessSignature } = createRequire(import.meta.url)('azure-iot-common') as {
  SharedAccessSignature: {
    create(resource: string, policy: string, key: string, expiry: number): { toString(): string }
  }
}

const scenario = new Scenario()
const VERSION = 'api-version=2025-07-01-preview'

/** Unix seconds, an hour ahead on the emulated clock. */
function expiry(): number {
  return Math.floor(Date.parse((scenario.azure.state() as { time: string }).time) / 1000) + 3600
}

/** A device asks for a hub and, with a request, for a certificate (contract 14.1). */
async function register(scope: string, id: string, csr?: string): Promise<Body> {
  const { primaryKey } = scenario.enrollmentGroup.secret.symmetricKey as { primaryKey: string }
  const key = createHmac('sha256', Buffer.from(primaryKey, 'base64')).update(id).digest('base64')
  const resource = `${scope}/registrations/${id}`
  const authorization = SharedAccessSignature.create(
    encodeURIComponent(resource),
    'registration',
    key,
    expiry()
  ).toString()
  const base = `https://global.azure-devices-provisioning.net/${resource}`
  const { env } = scenario.azure
  const begun = await ask(env, {
    method: 'PUT',
    url: `${base}/register?${VERSION}`,
    headers: { authorization },
    body: { registrationId: id, ...(csr && { csr }) }
  })
  expect(begun).toMatchObject({ status: 202, body: { status: 'assigning' } })
  const ended = await ask(env, {
    url: `${base}/operations/${begun.body.operationId}?${VERSION}`,
    headers: { authorization }
  })
  return ended.body.registrationState as Body
}

describe('a device', () => {
  it('gets a hub and a certificate of the policy that the enrollment group is bound to', async () => {
    const run = await scenario.apply({ policies: 'default=30\nfactory=7', policy: 'factory' })
    const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
    const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
      'sign',
      'verify'
    ])) as webcrypto.CryptoKeyPair
    const csr = await x509.Pkcs10CertificateRequestGenerator.create(
      { name: 'CN=device-1', keys, signingAlgorithm: algorithm },
      webcrypto as webcrypto.Crypto
    )
    const state = await register(
      run.outputs['dps-id-scope'] ?? '',
      'device-1',
      Buffer.from(csr.rawData).toString('base64')
    )
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
    const state = await register(run.outputs['dps-id-scope'] ?? '', 'device-2')
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
      SharedAccessSignature.create(host, 'provisioningserviceowner', key, expiry()).toString()
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
