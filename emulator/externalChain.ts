import 'reflect-metadata'
import * as x509 from '@peculiar/x509'

/** The certificate of an issuing CA that somebody else signed, with those above it. */
export interface SignedChain {
  readonly certificate: x509.X509Certificate
  readonly above: readonly x509.X509Certificate[]
}

/** Why a chain is not taken. */
export interface Flaw {
  readonly code: string
  readonly message: string
}

const YEAR_MS = 365 * 24 * 3600 * 1000
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const CURVES = ['P-256', 'P-384', 'P-521']
const CA_USAGES =
  x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign

/**
 * Reads the chain that a request of ours was answered with: the signed CA first, its root optional. Codes are [INF] but for
 * `CertificateExpiringSoon` and `InvalidPropertyValue` (contract B, 6.3).
 *
 * @param chain certificates in PEM
 * @param request the certificate signing request in PEM
 * @param now milliseconds since the epoch
 */
export async function readSigned(
  chain: string,
  request: string,
  now: number
): Promise<SignedChain | Flaw> {
  let certificates: readonly x509.X509Certificate[]
  try {
    certificates = x509.PemConverter.decode(chain).map((der) => new x509.X509Certificate(der))
  } catch {
    return flaw('certificateChain', 'is no list of certificates in PEM')
  }
  const [certificate, ...above] = certificates
  if (certificate === undefined) return flaw('certificateChain', 'is empty')
  const asked = new x509.Pkcs10CertificateRequest(request)
  const plain = (subject: string) => subject.toLowerCase().replace(/\s+/g, ' ').trim()
  if (plain(certificate.subject) !== plain(asked.subject))
    return flaw('subject', 'differs from that of the request')
  if (certificate.publicKey.toString('hex') !== asked.publicKey.toString('hex'))
    return flaw('publicKey', 'differs from that of the request')
  const wrong = extensionFlaw(certificate) ?? (await signatureFlaw(certificate, above[0]))
  if (wrong) return wrong
  if (certificate.notBefore.getTime() > now) return flaw('notBefore', 'is in the future')
  if (certificate.notAfter.getTime() < now + YEAR_MS) {
    return {
      code: 'CertificateExpiringSoon',
      message: 'The certificate must be valid for at least 365 days.'
    }
  }
  return { certificate, above }
}

function extensionFlaw(certificate: x509.X509Certificate): Flaw | undefined {
  const constraints = certificate.getExtension(x509.BasicConstraintsExtension)
  if (!constraints?.ca || !constraints.critical)
    return flaw('basicConstraints', 'must be critical and say CA:TRUE')
  const usages = certificate.getExtension(x509.KeyUsagesExtension)?.usages ?? 0
  if ((usages & CA_USAGES) !== CA_USAGES)
    return flaw('keyUsage', 'must have digitalSignature, keyCertSign and cRLSign')
  const extended = certificate.getExtension(x509.ExtendedKeyUsageExtension)
  if (extended && !extended.usages.includes(CLIENT_AUTH))
    return flaw('extendedKeyUsage', 'must be absent or have clientAuth')
  if (!certificate.getExtension(x509.SubjectKeyIdentifierExtension))
    return flaw('subjectKeyIdentifier', 'is missing')
  return undefined
}

async function signatureFlaw(
  certificate: x509.X509Certificate,
  issuer: x509.X509Certificate | undefined
): Promise<Flaw | undefined> {
  const { name, hash } = certificate.signatureAlgorithm as { name: string; hash?: { name: string } }
  if (name !== 'ECDSA' || !/SHA-(256|384|512)/.test(hash?.name ?? ''))
    return flaw('signatureAlgorithm', 'must be ECDSA with SHA-256 or higher')
  if (issuer === undefined) return undefined
  const { namedCurve = '' } = issuer.publicKey.algorithm as { namedCurve?: string }
  if (!CURVES.includes(namedCurve)) return flaw('publicKey', 'of the issuer must be ECC')
  const holds = await certificate.verify({ publicKey: issuer.publicKey, signatureOnly: true })
  return holds ? undefined : flaw('signature', 'is not that of the next certificate')
}

function flaw(property: string, problem: string): Flaw {
  return {
    code: 'InvalidPropertyValue',
    message: `properties.certificateProperties.${property} ${problem}.`
  }
}
