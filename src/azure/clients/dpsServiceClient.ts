import type { PipelineResponse } from '@azure/core-rest-pipeline'
import type { Target } from '../../settings/settings.ts'
import { isAmong } from '../answer.ts'
import { AzureError, isDenied, saysAbsent } from '../errors/azureError.ts'
import { Memo } from '../http/memo.ts'
import { bodyOf, Sender, type Transport, unreadable } from '../http/pipeline.ts'
import type { DpsHost, EnrollmentGroup } from './enrollmentGroup.ts'
import { sharedAccessSignature } from './sas.ts'
import type { KeyedPolicy, Sdk } from './sdk.ts'

type Mechanism = Readonly<Record<string, unknown>> & {
  readonly symmetricKey?: { readonly primaryKey?: string; readonly secondaryKey?: string }
}

interface DataRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Its success is told in a body. */
  readonly told?: boolean
  /** Not to be sent again before its caller has looked. */
  readonly once?: boolean
}

/** A signature lives ten minutes: long enough for one request with all its retries, short enough to be worthless later. */
const LIFETIME_S = 600

/** The DPS service data plane: enrollment groups. */
export class DpsServiceClient {
  readonly #transport: Transport
  readonly #sdk: Sdk
  readonly #mode: 'auto' | 'sas' | 'entra'
  readonly #mask: (secret: string) => void
  readonly #apiVersion: string
  readonly #signed: Sender
  readonly #entra: Sender
  /** The signing policy by DPS id, or `entra` where keys cannot be had. */
  readonly #policies = new Memo<KeyedPolicy | 'entra'>()

  constructor(
    transport: Transport,
    options: {
      readonly sdk: Sdk
      readonly scope: string
      /** Hosts of this data plane. */
      readonly hosts: string
      readonly mode: 'auto' | 'sas' | 'entra'
      readonly mask: (secret: string) => void
      readonly apiVersion: string
    }
  ) {
    this.#transport = transport
    this.#sdk = options.sdk
    this.#mode = options.mode
    this.#mask = options.mask
    this.#apiVersion = options.apiVersion
    const service = { name: 'a Device Provisioning Service', hosts: [options.hosts] }
    this.#signed = new Sender(transport, service, undefined)
    this.#entra = new Sender(transport, service, options.scope)
  }

  /** @returns undefined when it does not exist @throws AzureError */
  async get(dps: DpsHost, id: string, signal: AbortSignal): Promise<EnrollmentGroup | undefined> {
    try {
      return await this.#call<EnrollmentGroup>(dps, id, 'read enrollment group', {
        method: 'GET',
        signal
      })
    } catch (error) {
      if (error instanceof AzureError && saysAbsent(error)) return undefined
      throw error
    }
  }

  /** Creates, or replaces the one that still has this etag. Keys in the answer are masked. @throws AzureError */
  async put(
    dps: DpsHost,
    id: string,
    body: object,
    etag: string | undefined,
    signal: AbortSignal
  ): Promise<EnrollmentGroup> {
    const answer = await this.#send(dps, pathOf(id), {
      method: 'PUT',
      body,
      headers: ifMatch(etag),
      // Without an etag it would replace whatever came meanwhile.
      once: etag === undefined,
      signal
    })
    const operation = 'write enrollment group'
    const resource = `${dps.id}/enrollmentGroups/${id}`
    const told = bodyOf<EnrollmentGroup | undefined>(answer, operation, resource)
    // It is written, told or not: a second PUT would be another change.
    const group = told ?? (await this.get(dps, id, signal))
    this.#maskKeys(group?.attestation as Mechanism | undefined)
    return group ?? unreadable(answer, operation, resource)
  }

  /** Deletes the one that still has this etag, or any; one that is gone already is no failure. @throws AzureError */
  async delete(
    dps: DpsHost,
    id: string,
    etag: string | undefined,
    signal: AbortSignal
  ): Promise<void> {
    try {
      const resource = `${dps.id}/enrollmentGroups/${id}`
      const headers = ifMatch(etag)
      const answer = await this.#send(dps, pathOf(id), { method: 'DELETE', headers, signal })
      bodyOf(answer, 'delete enrollment group', resource)
    } catch (error) {
      if (!(error instanceof AzureError && saysAbsent(error))) throw error
    }
  }

  /** @returns every enrollment group of the DPS; none when the DPS is gone @throws AzureError */
  async list(
    dps: DpsHost,
    signal: AbortSignal,
    again = false
  ): Promise<readonly EnrollmentGroup[]> {
    const pages: (readonly EnrollmentGroup[])[] = []
    try {
      await this.#list(dps, pages, signal)
      return pages.flat()
    } catch (error) {
      if (!(error instanceof AzureError && saysAbsent(error))) throw error
      if (pages.length === 0) return []
      // It went between two pages, or the list broke off: the first page, asked for anew, tells which.
      if (again) throw error
      return this.list(dps, signal, true)
    }
  }

  async #list(
    dps: DpsHost,
    pages: (readonly EnrollmentGroup[])[],
    signal: AbortSignal
  ): Promise<void> {
    let continuation: string | undefined
    do {
      const response = await this.#send(dps, '/enrollmentGroups/query', {
        method: 'POST',
        body: { query: 'SELECT * FROM enrollmentGroups' },
        headers: continuation === undefined ? {} : { 'x-ms-continuation': continuation },
        signal,
        told: true
      })
      const resource = `${dps.id}/enrollmentGroups`
      const operation = 'list enrollment groups'
      const page = bodyOf<readonly EnrollmentGroup[]>(response, operation, resource)
      pages.push(Array.isArray(page) ? page : unreadable(response, operation, resource))
      continuation = response.headers.get('x-ms-continuation') || undefined
    } while (continuation !== undefined)
  }

  /** @returns the attestation with its keys, already masked @throws AzureError */
  async keys(dps: DpsHost, id: string, signal: AbortSignal): Promise<Mechanism> {
    const mechanism = await this.#call<Mechanism>(dps, id, 'read the keys of enrollment group', {
      method: 'POST',
      path: '/attestationmechanism',
      signal
    })
    this.#maskKeys(mechanism)
    return mechanism
  }

  async #call<T>(
    dps: DpsHost,
    id: string,
    operation: string,
    { path = '', ...request }: DataRequest & { readonly path?: string }
  ): Promise<T> {
    const resource = `${dps.id}/enrollmentGroups/${id}`
    const response = await this.#send(dps, `${pathOf(id)}${path}`, { ...request, told: true })
    const body = bodyOf<T | undefined>(response, operation, resource)
    // What is there is told: an empty answer does not say that nothing is.
    return body ?? unreadable(response, operation, resource)
  }

  async #send(
    dps: DpsHost,
    path: string,
    { headers = {}, ...request }: DataRequest
  ): Promise<PipelineResponse> {
    // Host names have no case, signatures of them do.
    const host = dps.hostName.toLowerCase()
    const url = `https://${host}${path}?api-version=${this.#apiVersion}`
    const told = 'Azure said (`serviceOperationsHostName`) that it answers at'
    const from = { doing: `reach the enrollment groups of ${dps.id}`, told }
    const send = async () => {
      const policy = await this.#policy(dps, request.signal)
      if (policy === 'entra') return this.#entra.send({ ...request, url, headers, from })
      // The DPS compares it with its own clock.
      const { clock, time } = this.#transport
      const expiry = Math.floor((clock.now() ?? time.now()) / 1000) + LIFETIME_S
      const authorization = sharedAccessSignature(host, policy, expiry)
      this.#mask(authorization)
      return this.#signed.send({
        ...request,
        url,
        headers: { ...headers, authorization },
        from
      })
    }
    const response = await send()
    const byEntra = (await this.#policy(dps, request.signal)) === 'entra'
    if (response.status !== 401 || byEntra) return response
    // The key may have been changed since it was read (contract section 10): read it once more.
    this.#policies.forget(dps.id)
    return send()
  }

  /** Reads ahead what requests to this DPS are going to be signed with. A failure is told to who sends one. */
  ask(dps: Target, signal: AbortSignal): void {
    this.#policy(dps, signal).catch(() => {})
  }

  #policy(dps: Target, signal: AbortSignal): Promise<KeyedPolicy | 'entra'> {
    if (this.#mode === 'entra') return Promise.resolve('entra')
    return this.#policies.get(dps.id, () => this.#readPolicy(dps, signal))
  }

  async #readPolicy(dps: Target, signal: AbortSignal): Promise<KeyedPolicy | 'entra'> {
    try {
      const policies = await this.#sdk.dpsPolicies(dps, signal)
      const writer = policies.find(({ rights }) => rights.some(mayEnroll))
      if (writer !== undefined) return writer
    } catch (error) {
      if (!(isDenied(error) && this.#mode === 'auto')) throw error
    }
    if (this.#mode === 'auto') return 'entra'
    throw new Error(
      `${dps.id} has no shared access policy with a key and the right EnrollmentWrite or ServiceConfig. Add one, or set \`enrollment-auth: entra\`.`
    )
  }

  #maskKeys(mechanism: Mechanism | undefined): void {
    const { primaryKey, secondaryKey } = mechanism?.symmetricKey ?? {}
    for (const key of [primaryKey, secondaryKey]) if (key) this.#mask(key)
  }
}

function pathOf(id: string): string {
  return `/enrollmentGroups/${encodeURIComponent(id)}`
}

function mayEnroll(right: string): boolean {
  return isAmong(['EnrollmentWrite', 'ServiceConfig'], right)
}

function ifMatch(etag: string | undefined): Readonly<Record<string, string>> {
  if (etag === undefined) return {}
  return { 'if-match': etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"` }
}
