import type { Target } from '../../settings/settings.ts'
import { AzureError, saysAbsent } from '../errors/azureError.ts'
import { bodyOf, type Transport, unreadable } from '../http/pipeline.ts'
import { type DataRequest, DpsSender, type DpsSenderOptions } from './dpsSender.ts'
import type { DpsHost, EnrollmentGroup } from './enrollmentGroup.ts'

type Mechanism = Readonly<Record<string, unknown>> & {
  readonly symmetricKey?: { readonly primaryKey?: string; readonly secondaryKey?: string }
}

/** The DPS service data plane: enrollment groups. */
export class DpsServiceClient {
  readonly #sender: DpsSender
  readonly #mask: (secret: string) => void

  constructor(transport: Transport, options: DpsSenderOptions) {
    this.#sender = new DpsSender(transport, options)
    this.#mask = options.mask
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
    const answer = await this.#sender.send(dps, pathOf(id), {
      method: 'PUT',
      body,
      headers: ifMatch(etag),
      // Without an etag it would replace whatever came meanwhile.
      once: etag === undefined,
      signal
    })
    const operation = 'write enrollment group'
    const resource = resourceOf(dps, id)
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
      const resource = resourceOf(dps, id)
      const headers = ifMatch(etag)
      const answer = await this.#sender.send(dps, pathOf(id), { method: 'DELETE', headers, signal })
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
      const response = await this.#sender.send(dps, '/enrollmentGroups/query', {
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
    const resource = resourceOf(dps, id)
    const response = await this.#sender.send(dps, `${pathOf(id)}${path}`, {
      ...request,
      told: true
    })
    const body = bodyOf<T | undefined>(response, operation, resource)
    // What is there is told: an empty answer does not say that nothing is.
    return body ?? unreadable(response, operation, resource)
  }

  /** Reads ahead what its requests are going to be signed with. A failure is told to who sends one. */
  ask(dps: Target, signal: AbortSignal): void {
    this.#sender.ask(dps, signal)
  }

  #maskKeys(mechanism: Mechanism | undefined): void {
    const { primaryKey, secondaryKey } = mechanism?.symmetricKey ?? {}
    for (const key of [primaryKey, secondaryKey]) if (key) this.#mask(key)
  }
}

function resourceOf({ id: dps }: DpsHost, id: string): string {
  return `${dps}/enrollmentGroups/${id}`
}

function pathOf(id: string): string {
  return `/enrollmentGroups/${encodeURIComponent(id)}`
}

function ifMatch(etag: string | undefined): Readonly<Record<string, string>> {
  if (etag === undefined) return {}
  return { 'if-match': etag.startsWith('"') || etag.startsWith('W/') ? etag : `"${etag}"` }
}
