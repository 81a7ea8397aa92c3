import { describe, expect, it } from '@jest/globals'
import { AzureError, type Refusal } from '../../../../src/azure/errors/azureError.ts'
import type { WantedLink } from '../../../../src/generations/certificateAuthorities/linkBody.ts'
import type {
  Endpoint,
  LinkingNamespace
} from '../../../../src/generations/certificateAuthorities/model.ts'
import { NamespaceLinks } from '../../../../src/generations/certificateAuthorities/namespaceLinks.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, NAMESPACE, namespaceWith } from './sample.ts'

const dps: WantedLink = { section: 'provisioning', name: 'd', resourceId: DPS }
const hub: WantedLink = { section: 'messaging', name: 'h', resourceId: HUB }
const INVALID = 'The Hub resource rejected the link request as invalid.'
const MINUTE = 60_000

type Write = readonly [method: 'PATCH' | 'PUT', body: { tags?: object; properties?: object }]
type Azure = Parameters<typeof NamespaceLinks.of>[0]

/** A namespace that answers writes one after the other as a test wants it; sleeping passes its time. */
class FakeNamespace {
  now: LinkingNamespace
  readonly writes: Write[] = []
  ms = 0
  #answer: (write: Write, nth: number) => LinkingNamespace

  constructor(now: LinkingNamespace, answer: (write: Write, nth: number) => LinkingNamespace) {
    this.now = now
    this.#answer = answer
  }

  #pass(ms: number): void {
    this.ms += ms
  }

  async #write(method: Write[0], body: Write[1]): Promise<void> {
    this.writes.push([method, body])
    this.now = this.#answer([method, body], this.writes.length)
  }

  readonly #azure = {
    versions: { deviceRegistry: '2026-11-01' },
    time: { now: () => this.ms, sleep: async (ms: number) => this.#pass(ms) },
    arm: {
      get: async () => structuredClone(this.now),
      patch: (_id: string, { body }: { body: object }) => this.#write('PATCH', body),
      put: (_id: string, { body }: { body: object }) => this.#write('PUT', body)
    }
  } as unknown as Azure

  /** Names of the endpoints in each write. */
  get named(): readonly (readonly string[])[] {
    return this.writes.map(([, { properties }]) =>
      Object.values(properties as Record<string, { endpoints: object }>).flatMap(({ endpoints }) =>
        Object.keys(endpoints)
      )
    )
  }

  link(...links: readonly WantedLink[]) {
    const target = { id: NAMESPACE, name: 'ns1', resourceGroup: 'rg', given: false }
    const waiting = { progress: () => {}, signal: new AbortController().signal }
    const ends = links.map((one) => NamespaceLinks.of(this.#azure, target).link(one, waiting))
    return Promise.allSettled(ends)
  }
}

const linked = namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint() })
const without = namespaceWith({ d: dpsEndpoint() })
const failed = (linkingError?: Endpoint['linkingError']) =>
  namespaceWith(
    { d: dpsEndpoint() },
    { h: hubEndpoint({ linkingState: 'Failed', ...(linkingError && { linkingError }) }) },
    'Failed'
  )
const error = (status: number, code: string, fromOperation = false) =>
  new AzureError('link', NAMESPACE, { status, code, reason: 'why' }, fromOperation)
const throwing = (one: Error): never => {
  throw one
}

describe('a link', () => {
  it.each([
    ['AdrMiNotAuthorized', 'not authorized to read'],
    ['NamespaceMiTokenAcquisitionFailed', ''],
    ['OutboundIdentityUnavailable', ''],
    ['AuthorizationFailed', ''],
    ['LinkableResourceNotReady', 'Creating']
  ])('that fails with %s is tried again after 30, 60, 120 and 120 s', async (code, message) => {
    const at: number[] = []
    const fake = new FakeNamespace(without, (_write, nth) => {
      at.push(fake.ms)
      return nth < 6 ? failed({ code, message }) : linked
    })
    const [end] = await fake.link(hub)
    expect(end?.status).toBe('fulfilled')
    const waits = at.slice(1).map((ms, index) => (ms - (at[index] ?? 0)) / 1000)
    expect(waits).toEqual([30, 60, 120, 120, 120])
  })

  it.each([
    ['AdrMiNotAuthorized', 'never', 'within twenty minutes', undefined],
    ['LinkInitiateFailed', INVALID, 'at attempt 3', 3],
    ['LinkInitiateFailed', 'anything else', 'at attempt 1', 1],
    ['ADRLinkingFailed', 'no', 'at attempt 1', 1]
  ])('that fails with %s, "%s", for good ends %s', async (code, message, words, writes) => {
    const fake = new FakeNamespace(without, () => failed({ code, message }))
    const [end] = await fake.link(hub)
    const { reason } = end as { reason?: Error }
    expect(reason?.message).toContain(words)
    expect(reason?.message).toContain(`${code}: ${message}`)
    if (writes === undefined) expect(fake.ms).toBeLessThan(25 * MINUTE)
    else expect(fake.writes).toHaveLength(writes)
  })

  it('that failed without a word is final; one whose operation failed is told by that', async () => {
    const [silent] = await new FakeNamespace(without, () => failed()).link(hub)
    expect(String((silent as { reason?: Error }).reason)).toContain('no code')
    const fake = new FakeNamespace(without, () => throwing(error(200, 'Strange', true)))
    expect(String(((await fake.link(hub))[0] as { reason?: Error }).reason)).toContain(
      'Strange: why'
    )
  })

  it('whose operation failed although the link holds is there', async () => {
    const fake = new FakeNamespace(without, () => {
      fake.now = linked
      return throwing(error(200, 'AsyncOperationFailed', true))
    })
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    expect(fake.writes).toHaveLength(1)
  })

  it('that is accepted and shows late is waited for, and written again when it never showed', async () => {
    const fake = new FakeNamespace(without, (_write, nth) => (nth < 3 ? without : linked))
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    expect(fake.writes).toHaveLength(3)
    const never = new FakeNamespace(without, () => without)
    const [end] = await never.link(hub)
    expect(String((end as { reason?: Error }).reason)).toContain('does not show the link')
    expect(never.ms).toBeLessThan(30 * MINUTE)
  })

  it.each([
    ['busy', error(409, 'ResourceProvisioningInProgress')],
    ['out of reach', error(503, 'ServiceUnavailable')]
  ])('is written again while the namespace is %s, for twenty minutes', async (_what, passing) => {
    const fake = new FakeNamespace(without, (_write, nth) => (nth < 5 ? throwing(passing) : linked))
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    const forever = new FakeNamespace(without, () => throwing(passing))
    expect((await forever.link(hub))[0]).toEqual({ status: 'rejected', reason: passing })
    expect(forever.ms).toBeLessThan(25 * MINUTE)
  })

  it('is not written again before Azure wants it, and not at all when that is too long', async () => {
    const busy = (more: Partial<Refusal>) =>
      new AzureError('link', NAMESPACE, { status: 503, code: 'Busy', reason: 'no', ...more })
    const fake = new FakeNamespace(without, (_write, nth) =>
      nth === 1 ? throwing(busy({ askedMs: 2 * MINUTE })) : linked
    )
    expect((await fake.link(hub))[0]).toMatchObject({ status: 'fulfilled' })
    expect(fake.ms).toBe(2 * MINUTE)
    const long = busy({ askedMs: 60 * MINUTE, wait: 'run again in an hour' })
    const closed = new FakeNamespace(without, () => throwing(long))
    expect((await closed.link(hub))[0]).toEqual({ status: 'rejected', reason: long })
    expect([closed.writes.length, closed.ms]).toEqual([1, 0])
  })

  it('whose PATCH is refused is made by a PUT of the whole, once; a refusal of that is final', async () => {
    const fake = new FakeNamespace(without, ([method]) =>
      method === 'PATCH' ? throwing(error(400, 'InvalidRequestContent')) : linked
    )
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    expect(fake.writes.map(([method]) => method)).toEqual(['PATCH', 'PUT'])
    const never = new FakeNamespace(without, () => throwing(error(400, 'InvalidRequestContent')))
    expect((await never.link(hub))[0]?.status).toBe('rejected')
    expect(never.writes).toHaveLength(2)
  })

  it('that the deploying identity may not make is its refusal, at once', async () => {
    const denied = error(403, 'LinkedAuthorizationFailed')
    const fake = new FakeNamespace(without, () => throwing(denied))
    expect((await fake.link(hub))[0]).toEqual({ status: 'rejected', reason: denied })
    expect(fake.writes).toHaveLength(1)
  })
})

describe('links that are asked for together', () => {
  const other: WantedLink = { ...hub, name: 'o', resourceId: `${HUB}-other` }
  const both = namespaceWith(
    { d: dpsEndpoint() },
    { h: hubEndpoint(), o: hubEndpoint({ resourceId: other.resourceId }) }
  )

  it('are written together', async () => {
    const fake = new FakeNamespace(without, () => both)
    const ends = await fake.link(hub, other)
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(fake.named).toEqual([['h', 'o']])
  })

  it('while one is written share the next write; one that fails for good takes none along', async () => {
    const mixed = namespaceWith(
      { d: dpsEndpoint() },
      {
        h: hubEndpoint({ linkingState: 'Failed', linkingError: { code: 'Final', message: '' } }),
        o: hubEndpoint({ resourceId: other.resourceId })
      }
    )
    let later: ReturnType<FakeNamespace['link']> | undefined
    const fake = new FakeNamespace(namespaceWith({}), (_write, nth) => {
      if (nth > 1) return mixed
      later = fake.link(hub, other)
      return without
    })
    const ends = [...(await fake.link(dps)), ...((await later) ?? [])]
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(fake.named).toEqual([['d'], ['h', 'o']])
  })
})

describe('a namespace that failed with all its links holding', () => {
  const sick = (one: LinkingNamespace): LinkingNamespace => ({
    ...one,
    properties: { ...one.properties, provisioningState: 'Failed' }
  })

  it('is healed by its tags alone', async () => {
    const fake = new FakeNamespace(sick(linked), () => linked)
    await fake.link(hub)
    expect(fake.writes).toEqual([['PATCH', { tags: { team: 'iot' } }]])
  })

  it('is healed before and after a link is added', async () => {
    const fake = new FakeNamespace(sick(without), ([, { tags }], nth) => {
      if (nth === 1) return without
      return tags ? linked : sick(linked)
    })
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    expect(fake.writes.map(([, body]) => Object.keys(body))).toEqual([
      ['tags'],
      ['properties'],
      ['tags']
    ])
  })

  it('that does not heal within five minutes leaves its links to be checked', async () => {
    const fake = new FakeNamespace(sick(linked), () => sick(linked))
    expect((await fake.link(hub))[0]?.status).toBe('fulfilled')
    expect(fake.writes).toHaveLength(1)
    expect(fake.ms).toBeLessThanOrEqual(5 * MINUTE)
  })
})
