import { createHmac, webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { B, Client, DPS, HUB, ICA, N, POLICY, ROLES, ROOT } from './linkedModel.ts'

// Microsoft's own maker of signatures.
const { SharedAccessSignature } = createRequire(import.meta.url)('azure-iot-common') as {
  SharedAccessSignature: {
    create(resource: string, policy: string, key: string, expiry: number): { toString(): string }
  }
}
const crypto = webcrypto as webcrypto.Crypto
const VERSION = `api-version=${B}`
const HOST = 'dps1.azure-devices-provisioning.net'
const NAMES = {
  namespaceName: 'ns1',
  certificateAuthorityName: 'issuing-ca',
  certificatePolicyName: 'default'
}
const KEY = Buffer.alloc(64, 7).toString('base64')

let client: Client
beforeAll(async () => {
  client = await Client.start()
  await client.services()
})
afterEach(() => client.keep())
afterAll(() => client.stop())

const expiry = () => Math.floor(Date.now() / 1000) + 3600

/** An enrollment group by the owner's key. */
async function enroll(body: object, id = 'group-1') {
  const { value } = (await client.arm('POST', `${DPS}/listkeys`)).body
  const owner = value[0] as { keyName: string; primaryKey: string }
  const authorization = SharedAccessSignature.create(
    HOST,
    owner.keyName,
    owner.primaryKey,
    expiry()
  ).toString()
  const symmetricKey = { primaryKey: KEY, secondaryKey: KEY }
  return client.ask({
    method: 'PUT',
    url: `https://${HOST}/enrollmentGroups/${id}?${VERSION}`,
    headers: { authorization },
    body: {
      enrollmentGroupId: id,
      attestation: { type: 'symmetricKey', symmetricKey },
      provisioningStatus: 'enabled',
      ...body
    }
  })
}

async function request(name: string, namedCurve = 'P-384'): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve, hash: 'SHA-384' }
  const keys = (await crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify'
  ])) as webcrypto.CryptoKeyPair
  const csr = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: `CN=${name}`, keys, signingAlgorithm: algorithm },
    crypto
  )
  return Buffer.from(csr.rawData).toString('base64')
}

/** A device registers. */
async function register(id: string, csr?: string) {
  const { idScope } = (await client.get(DPS)).body.properties
  const key = createHmac('sha256', Buffer.from(KEY, 'base64')).update(id).digest('base64')
  const resource = `${idScope}/registrations/${id}`
  const authorization = SharedAccessSignature.create(
    encodeURIComponent(resource),
    'registration',
    key,
    expiry()
  ).toString()
  const base = `https://global.azure-devices-provisioning.net/${resource}`
  const begun = await client.ask({
    method: 'PUT',
    url: `${base}/register?${VERSION}`,
    headers: { authorization },
    body: { registrationId: id, ...(csr && { csr }) }
  })
  if (begun.status !== 202) return begun
  return client.ask({
    url: `${base}/operations/${begun.body.operationId}?${VERSION}`,
    headers: { authorization }
  })
}

describe('the flow of version 2026-11-01', () => {
  it('makes a root, an issuing CA and a policy, within their limits', async () => {
    await client.grants('b7')
    await client.links()
    await client.authorities()
    expect((await client.get(ROOT)).body.properties).toMatchObject({ subject: 'CN=root-ca' })
    const make = (path: string, properties: object) =>
      client.arm('PUT', path, {
        location: 'westeurope',
        properties: { keyType: 'ECC', ...properties }
      })
    const second = await make(`${ROOT}-2`, { certificateAuthorityType: 'Root' })
    expect(second.body.error.code).toBe('CertificateAuthorityLimitExceeded')
    const changed = await make(ROOT, { certificateAuthorityType: 'ICA', issuer: client.issuer })
    expect(changed.status).toBe(409)
    const days = { properties: { certificate: { validityPeriodInDays: 7 } } }
    const onRoot = await client.arm('PUT', `${ROOT}/certificatePolicies/default`, days)
    expect(onRoot.body.error.code).toBe('PolicyRequiresIssuingCa')
    const more = await client.arm('PUT', `${POLICY}-2`, days)
    expect(more.body.error.code).toBe('CertificatePolicyLimitExceeded')
    const long = { properties: { certificate: { validityPeriodInDays: 91 } } }
    expect((await client.arm('PUT', POLICY, long)).status).toBe(400)
    const { value } = (await client.get(`${HUB}/certificates`)).body
    expect(value).toMatchObject([
      { properties: { certificateAuthorityResourceId: client.id(ICA) } }
    ])
  })

  it('opens the data plane once it is pushed to, and to whom may issue', async () => {
    const before = await enroll(NAMES)
    expect(before.body).toMatchObject({ errorCode: 400004 })
    await client.push()
    expect((await enroll(NAMES)).body).toMatchObject({ errorCode: 403000 })
    await client.grant(await client.principal(DPS), ROLES.registry, N)
    const { certificatePolicyName: _, ...partial } = NAMES
    expect((await enroll(partial)).status).toBe(400)
    expect((await enroll({ credentialPolicyName: 'default' })).status).toBe(400)
    expect(await enroll(NAMES)).toMatchObject({ status: 200, body: NAMES })
    const empty = Object.fromEntries(Object.keys(NAMES).map((name) => [name, '']))
    expect((await enroll(empty, 'group-2')).body).not.toHaveProperty('namespaceName')
  })

  it('gives a device a hub and a certificate that leads to the root', async () => {
    const { body } = await register('device-1', await request('device-1'))
    expect(body).toMatchObject({
      status: 'assigned',
      registrationState: { assignedHub: 'hub1.device.azure-devices.net', deviceId: 'device-1' }
    })
    const [leaf, issuing, root] = (body.registrationState.issuedCertificateChain as string[]).map(
      (der) => new x509.X509Certificate(Buffer.from(der, 'base64'))
    ) as [x509.X509Certificate, x509.X509Certificate, x509.X509Certificate]
    expect([leaf, issuing, root].map(({ subject }) => subject)).toEqual([
      'CN=device-1',
      'CN=issuing-ca',
      'CN=root-ca'
    ])
    const date = new Date(leaf.notBefore.getTime() + 1000)
    expect(await leaf.verify({ publicKey: issuing.publicKey, date }, crypto)).toBe(true)
    expect(await issuing.verify({ publicKey: root.publicKey, date }, crypto)).toBe(true)
    const { value } = (await client.get(`${N}/registryDevices`)).body
    expect(value).toMatchObject([{ properties: { externalDeviceId: 'device-1' } }])
  })

  it('sends a device to a hub that its group chooses', async () => {
    const other = `${HUB}b`
    await client.hub(other)
    const [ns, hub, dps] = [
      await client.principal(N),
      await client.principal(other),
      await client.principal(DPS)
    ]
    await client.grant(ns, ROLES.contributor, other)
    await client.grant(ns, ROLES.hubData, other)
    await client.grant(hub, ROLES.contributor, N)
    await client.grant(dps, ROLES.hubData, other)
    await client.link('messaging', 'hub-2', other)
    await client.get(N)
    const stranger = await enroll({ ...NAMES, iotHubs: ['hub9.azure-devices.net'] })
    expect(stranger.status).toBe(400)
    for (const name of ['hub1', 'hub1b']) {
      const host = `${name}.device.azure-devices.net`
      expect((await enroll({ ...NAMES, iotHubs: [host] })).status).toBe(200)
      for (const id of ['device-4', 'device-5']) {
        const { body } = await register(id)
        expect(body.registrationState.assignedHub).toBe(host)
      }
    }
  })

  it('fails a registration that its namespace, or its grants, cannot serve', async () => {
    const fails = async () => (await register('device-6')).body.registrationState.errorCode
    const { resources, roleAssignments } = client.azure.world
    const namespace = resources.get(client.id(N).toLowerCase())
    const state = namespace?.body.properties as { provisioningState: string }
    state.provisioningState = 'Failed'
    expect(await fails()).toBe(403000)
    state.provisioningState = 'Succeeded'
    const granted = [...roleAssignments]
    const revoke = (role: string) => {
      for (const [id, { body }] of granted)
        if (JSON.stringify(body).includes(role)) roleAssignments.delete(id)
    }
    for (const role of [ROLES.administrator, ROLES.hubData]) {
      revoke(role)
      expect(await fails()).toBe(403000)
      for (const [id, one] of granted) roleAssignments.set(id, one)
    }
    const endpoints = await client.get(N)
    for (const [name, { resourceId }] of Object.entries<{ resourceId: string }>(
      endpoints.body.properties.messaging.endpoints
    )) {
      const endpoint = {
        endpointType: 'Microsoft.Devices/IotHubs',
        resourceId,
        inboundCallerIdentity: { type: 'SystemAssigned' },
        provisioning: { availability: 'Disabled' }
      }
      await client.arm('PATCH', N, {
        properties: { messaging: { endpoints: { [name]: endpoint } } }
      })
      await client.get(N)
    }
    expect(await fails()).toBe(401001)
  })

  it('refuses requests of another name or curve', async () => {
    expect((await register('device-2', await request('device-3'))).status).toBe(400)
    expect((await register('device-2', await request('device-2', 'P-256'))).status).toBe(400)
  })

  it('is taken down from the bottom', async () => {
    const codeOf = async (path: string) => (await client.arm('DELETE', path)).body?.error?.code
    const gone = async (path: string) => {
      expect((await client.arm('DELETE', path)).status).toBe(202)
      while ((await client.get(path)).status !== 404);
    }
    expect(await codeOf(ROOT)).toBe('CannotDeleteResource')
    expect(await codeOf(ICA)).toBe('CannotDeleteResource')
    expect(await codeOf(N)).toBe('NamespaceNotEmpty')
    const devices = (await client.get(`${N}/registryDevices`)).body.value as { name: string }[]
    expect(devices).toHaveLength(3)
    for (const { name } of devices) await gone(`${N}/registryDevices/${name}`)
    for (const path of [POLICY, ICA, ROOT]) await gone(path)
    expect((await client.get(`${HUB}/certificates`)).body.value).toEqual([])
    expect(await codeOf(N)).toBe('NamespaceNotEmpty')
    for (const hub of [HUB, `${HUB}b`]) await gone(hub)
    await gone(DPS)
    client.azure.configure({ latency: { childIndexLag: 600_000 } })
    expect(await codeOf(N)).toBe('NamespaceNotEmpty')
    client.azure.configure({ latency: { childIndexLag: 0 } })
    await gone(N)
  })
})
