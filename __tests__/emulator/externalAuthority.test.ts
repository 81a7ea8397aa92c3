import { webcrypto } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { Client, HUB, N } from './linkedModel.ts'

const CA = `${N}/certificateAuthorities/ext-ca`
const DAY = 24 * 3600 * 1000
const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
const crypto = webcrypto as webcrypto.Crypto

let client: Client
beforeAll(async () => {
  client = await Client.start()
  await client.services()
  await client.grants()
  await client.links()
})
afterEach(() => client.keep())
afterAll(() => client.stop())

/** Signs a request as an owner of a root would; @returns PEM, root last */
async function signed(request: string, days: number, subject?: string): Promise<string> {
  const keys = (await crypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify'
  ])) as webcrypto.CryptoKeyPair
  const { subject: asked, publicKey } = new x509.Pkcs10CertificateRequest(request)
  const dates = {
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + days * DAY)
  }
  const root = await x509.X509CertificateGenerator.createSelfSigned(
    { ...dates, name: 'CN=our root', serialNumber: '01', keys, signingAlgorithm: algorithm },
    crypto
  )
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags
  const certificate = await x509.X509CertificateGenerator.create(
    {
      ...dates,
      subject: subject ?? asked,
      issuer: root.subject,
      serialNumber: '02',
      publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(true, 0, true),
        new x509.KeyUsagesExtension(keyCertSign | cRLSign | digitalSignature, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto)
      ]
    },
    crypto
  )
  return `${certificate.toString('pem')}\n${root.toString('pem')}\n`
}

describe('an issuing CA that somebody else signs', () => {
  it('waits for its certificate, takes one that fits, and reaches the hub with it', async () => {
    const external = { issuerType: 'External' }
    await client.arm('PUT', CA, {
      location: 'westeurope',
      properties: { certificateAuthorityType: 'ICA', keyType: 'ECC', issuer: external }
    })
    const { properties } = (await client.ready(CA)).body
    expect(properties.issuer).toMatchObject({ ...external, status: 'PendingActivation' })
    const request = properties.issuer.certificateSigningRequest as string
    const days = { properties: { certificate: { validityPeriodInDays: 30 } } }
    const early = await client.arm('PUT', `${CA}/certificatePolicies/default`, days)
    expect(early.status).toBe(409)
    const activate = async (certificateChain: string) => {
      const { status, body } = await client.arm('POST', `${CA}/activate`, { certificateChain })
      return [status, body?.error?.code]
    }
    expect(await activate(await signed(request, 300))).toEqual([400, 'CertificateExpiringSoon'])
    const stranger = await signed(request, 400, 'CN=stranger')
    expect(await activate(stranger)).toEqual([400, 'InvalidPropertyValue'])
    expect(await activate(await signed(request, 400))).toEqual([202, undefined])
    const active = async () => (await client.get(CA)).body.properties.issuer
    while ((await active()).status !== 'Active');
    expect((await active()).thumbprint).toMatch(/^[0-9A-F]{40}$/)
    const { value } = (await client.get(`${HUB}/certificates`)).body
    expect(value).toMatchObject([{ properties: { certificateAuthorityResourceId: client.id(CA) } }])
    expect((await client.arm('PUT', `${CA}/certificatePolicies/default`, days)).status).toBe(201)
    expect((await client.arm('POST', `${CA}/revokeAndRotate`)).status).toBe(400)
  })
})
