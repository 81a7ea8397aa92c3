import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** What a TLS server needs, and the root that its clients must trust. */
export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const day = 24 * 3600 * 1000

async function pem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

/**
 * A throw-away root and one leaf for all hosts. Valid from a year ago to ten years ahead,
 * because clients with a fast clock may look at the dates from far in the future.
 */
export async function makeCertificates(hosts: readonly string[]): Promise<Certificates> {
  const dates = {
    notBefore: new Date(Date.now() - 365 * day),
    notAfter: new Date(Date.now() + 3650 * day)
  }
  const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
    webcrypto.subtle.generateKey(algorithm, true, [
      'sign',
      'verify'
    ]) as Promise<webcrypto.CryptoKeyPair>
  const [rootKeys, leafKeys] = await Promise.all([newKeys(), newKeys()])
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...dates,
    serialNumber: '01',
    name: 'CN=Emulated Azure root, O=Throw-away',
    keys: rootKeys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true
      ),
      await x509.SubjectKeyIdentifierExtension.create(rootKeys.publicKey)
    ]
  })
  const leaf = await x509.X509CertificateGenerator.create({
    ...dates,
    serialNumber: '02',
    subject: 'CN=Emulated Azure, O=Throw-away',
    issuer: root.subject,
    publicKey: leafKeys.publicKey,
    signingKey: rootKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.1']),
      new x509.SubjectAlternativeNameExtension(
        [...hosts, 'localhost'].map((value) => ({ type: 'dns' as const, value }))
      ),
      await x509.AuthorityKeyIdentifierExtension.create(rootKeys.publicKey)
    ]
  })
  return {
    ca: root.toString('pem'),
    cert: leaf.toString('pem'),
    key: await pem(leafKeys.privateKey)
  }
}
