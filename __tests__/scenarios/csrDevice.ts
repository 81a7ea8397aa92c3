import { createHmac, webcrypto } from 'node:crypto'
import { createRequire } from 'node:module'
import { expect } from '@jest/globals'
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import type { Emulator } from '../../emulator/index.ts'
import { ask } from './client.ts'
import type { Body } from './scenario.ts'

/** Microsoft's own maker of signatures: ours and the emulator's reader of them cannot share a mistake with it. */
export const { SharedAccessSignature } = createRequire(import.meta.url)('azure-iot-common') as {
  SharedAccessSignature: {
    create(resource: string, policy: string, key: string, expiry: number): { toString(): string }
  }
}

/** A device as its enrollment group lets it in. */
interface Device {
  readonly id: string
  /** ID scope of the DPS. */
  readonly scope: string
  /** Key of the enrollment group, in base64. */
  readonly groupKey: string
  /** Of the device API: `2026-11-01`. */
  readonly apiVersion: string
  /** Base64 of the request for a certificate; none is asked for without it. */
  readonly csr?: string
}

/** Unix seconds, an hour ahead on the emulated clock. */
export function expiry(azure: Emulator): number {
  return Math.floor(Date.parse((azure.state() as { time: string }).time) / 1000) + 3600
}

/** A device asks for a hub and, with a request, for a certificate (contract 14.1). @returns its registration state */
export async function register(
  azure: Emulator,
  { id, scope, groupKey, apiVersion, csr }: Device
): Promise<Body> {
  const key = createHmac('sha256', Buffer.from(groupKey, 'base64')).update(id).digest('base64')
  const resource = `${scope}/registrations/${id}`
  const authorization = SharedAccessSignature.create(
    encodeURIComponent(resource),
    'registration',
    key,
    expiry(azure)
  ).toString()
  const base = `https://global.azure-devices-provisioning.net/${resource}`
  const { env } = azure
  const begun = await ask(env, {
    method: 'PUT',
    url: `${base}/register?api-version=${apiVersion}`,
    headers: { authorization },
    body: { registrationId: id, ...(csr && { csr }) }
  })
  expect(begun).toMatchObject({ status: 202, body: { status: 'assigning' } })
  const ended = await ask(env, {
    url: `${base}/operations/${begun.body.operationId}?api-version=${apiVersion}`,
    headers: { authorization }
  })
  return ended.body.registrationState as Body
}

/** A request for a certificate in this name, with a key of its own. @returns base64 of its DER */
export async function requestFor(id: string): Promise<string> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384' }
  const keys = (await webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify'
  ])) as webcrypto.CryptoKeyPair
  const csr = await x509.Pkcs10CertificateRequestGenerator.create(
    { name: `CN=${id}`, keys, signingAlgorithm: algorithm },
    webcrypto as webcrypto.Crypto
  )
  return Buffer.from(csr.rawData).toString('base64')
}
