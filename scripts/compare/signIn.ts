import { createRequire } from 'node:module'
import { parsed, textOf } from '../../emulator/body.ts'
import type { Emulator } from '../../emulator/index.ts'
import type { Upstream } from '../record/upstream.ts'

// Microsoft's own maker of signatures.
const { SharedAccessSignature } = createRequire(import.meta.url)('azure-iot-common') as {
  SharedAccessSignature: {
    create(resource: string, policy: string, key: string, expiry: number): { toString(): string }
  }
}

/** Seconds that a signature is good for. */
const SIGNATURE_SECONDS = 3_600

/** A key of a provisioning service, as `listkeys` tells it. */
interface Key {
  readonly keyName: string
  readonly primaryKey: string
}

/** Whoever plays a recording, signed in to the emulator: a recording holds neither tokens nor keys. */
export class SignedIn {
  readonly #azure: Emulator
  readonly #upstream: Upstream
  readonly #tokens = new Map<string, Promise<string>>()
  #key: Key | undefined

  constructor(azure: Emulator, upstream: Upstream) {
    this.#azure = azure
    this.#upstream = upstream
  }

  /** GitHub's assertion, a fresh one. */
  async assertion(): Promise<string> {
    const { ACTIONS_ID_TOKEN_REQUEST_URL: address, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
      this.#azure.env
    const url = new URL(address ?? '')
    url.searchParams.set('audience', 'api://AzureADTokenExchange')
    const { value } = (await this.#ask('GET', url, { authorization: `bearer ${token}` })) as {
      value: string
    }
    return value
  }

  /** @param scheme of the recorded request @returns the header that it has to have here, or undefined for none */
  async authorization(scheme: string | undefined, host: string): Promise<string | undefined> {
    if (scheme?.startsWith('Bearer')) return `Bearer ${await this.#token(host)}`
    if (scheme === undefined || this.#key === undefined) return undefined
    const { keyName, primaryKey } = this.#key
    const expiry = Math.floor(Date.now() / 1_000) + SIGNATURE_SECONDS
    return SharedAccessSignature.create(host, keyName, primaryKey, expiry).toString()
  }

  /** Remembers the key that may write enrollments, from the answer that lists it. */
  learn(body: unknown): void {
    const { value = [body] } = (body ?? {}) as { readonly value?: readonly unknown[] }
    if (!Array.isArray(value)) return
    this.#key =
      (value as readonly (Key & { readonly rights?: string })[]).find((one) =>
        /EnrollmentWrite|ServiceConfig/.test(one?.rights ?? '')
      ) ?? this.#key
  }

  #token(host: string): Promise<string> {
    const audience = host.endsWith('.azure-devices-provisioning.net')
      ? 'azure-devices-provisioning.net'
      : host
    const known = this.#tokens.get(audience) ?? this.#newToken(audience)
    this.#tokens.set(audience, known)
    return known
  }

  async #newToken(audience: string): Promise<string> {
    const { AZURE_TENANT_ID: tenant, AZURE_CLIENT_ID: client = '' } = this.#azure.env
    const url = new URL(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`)
    const form = new URLSearchParams({
      client_id: client,
      scope: `https://${audience}/.default`,
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await this.assertion()
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const { access_token: token } = (await this.#ask('POST', url, headers, String(form))) as {
      access_token: string
    }
    return token
  }

  async #ask(
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>,
    body = ''
  ): Promise<unknown> {
    const answer = await this.#upstream.send({ method, url, headers, body })
    return parsed(await textOf(answer), answer.headers['content-type'])
  }
}
