import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** A certificate authority with the means to issue. */
export interface Authority {
  readonly certificate: x509.X509Certificate
  readonly keys: CryptoKeyPair
  /** The certificates above its own, the root last; a root has none. */
  readonly above?: readonly x509.X509Certificate[]
}

type CryptoKeyPair = webcrypto.CryptoKeyPair

/** Sources name P-384 with SHA-384 for the whole chain (contract 14.1). */
const CURVE = { name: 'ECDSA', namedCurve: 'P-384' } as const
const SIGNING = { name: 'ECDSA', hash: 'SHA-384' } as const

const DAY_MS = 24 * 3600 * 1000
/** [INF] no source says how long Microsoft's CAs live. */
const ROOT_DAYS = 3650
const ISSUING_DAYS = 365

/** Keys of a certificate authority. */
export async function newKeys(): Promise<CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(CURVE, true, ['sign', 'verify'])) as CryptoKeyPair
}

const caExtensions = (pathLength: number): x509.Extension[] => [
  new x509.BasicConstraintsExtension(true, pathLength, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)
]

/** The root of a credential. */
export async function createRoot(
  commonName: string,
  serial: string,
  now: number
): Promise<Authority> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    serialNumber: serial,
    notBefore: new Date(now),
    notAfter: new Date(now + ROOT_DAYS * DAY_MS),
    keys,
    signingAlgorithm: SIGNING,
    extensions: caExtensions(1)
  })
  return { certificate, keys }
}

/** An issuing CA. @param days that it lives */
export async function createIssuing(
  root: Authority,
  commonName: string,
  serial: string,
  now: number,
  days = ISSUING_DAYS
): Promise<Authority> {
  const keys = await newKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${commonName}`,
    issuer: root.certificate.subject,
    serialNumber: serial,
    notBefore: new Date(now),
    notAfter: new Date(now + days * DAY_MS),
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    signingAlgorithm: SIGNING,
    extensions: caExtensions(0)
  })
  return { certificate, keys, above: [root.certificate] }
}

/** A device certificate for the key of a request, or undefined when the request does not hold. */
export async function issueLeaf(
  issuer: Authority,
  csr: string,
  commonName: string,
  serial: string,
  validity: { readonly now: number; readonly days: number; readonly until?: Date }
): Promise<x509.X509Certificate | undefined> {
  const request = readRequest(csr)
  if (request === undefined || request.subject !== `CN=${commonName}`) return undefined
  // Sources say that RSA is not supported (contract 14.1).
  if (request.publicKey.algorithm.name !== 'ECDSA' || !(await request.verify())) return undefined
  return x509.X509CertificateGenerator.create({
    subject: request.subject,
    issuer: issuer.certificate.subject,
    serialNumber: serial,
    notBefore: new Date(validity.now),
    // No leaf outlives its issuer (contract B, 6.5).
    notAfter: new Date(
      Math.min(validity.now + validity.days * DAY_MS, Number(validity.until ?? Infinity))
    ),
    publicKey: request.publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.2'])
    ]
  })
}

function readRequest(csr: string): x509.Pkcs10CertificateRequest | undefined {
  try {
    return new x509.Pkcs10CertificateRequest(csr)
  } catch {
    return undefined
  }
}

/** What an external CA is to sign, in PEM. */
export async function createRequest(commonName: string, keys: CryptoKeyPair): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: `CN=${commonName}`,
    keys,
    signingAlgorithm: SIGNING,
    extensions: caExtensions(0)
  })
  return request.toString('pem')
}

/** Whether a device's request asks for this name, with a key on the curve that certificates have. */
export function isRequestFor(csr: string, commonName: string): boolean {
  const { subject, publicKey } = readRequest(csr) ?? {}
  const { name, namedCurve } = (publicKey?.algorithm ?? {}) as {
    name?: string
    namedCurve?: string
  }
  return subject === `CN=${commonName}` && name === CURVE.name && namedCurve === CURVE.namedCurve
}

/** DER in base64, without armour or line breaks. */
export function der(certificate: x509.X509Certificate): string {
  return Buffer.from(certificate.rawData).toString('base64')
}

/** SHA-1 over the DER in upper-case hexadecimal, as Azure shows thumbprints. */
export async function thumbprint(certificate: x509.X509Certificate): Promise<string> {
  return Buffer.from(await certificate.getThumbprint())
    .toString('hex')
    .toUpperCase()
}
