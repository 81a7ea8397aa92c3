import { describe, expect, it } from '@jest/globals'
import { linksOf, show } from '../../emulator/providers/links.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Emulated seconds: long enough for what happens meanwhile, however slow the machine. */
const ASKED_S = 600

interface Kind {
  readonly method: 'PUT' | 'PATCH' | 'POST'
  readonly path: string
  readonly status?: number
}

/** The first request of this kind is refused for a while, and somebody acts before it is sent again. */
async function refusedOnce(
  { method, path, status = 429 }: Kind,
  begin: () => Promise<Outcome>,
  act: () => void = () => {}
): Promise<Outcome> {
  const headers = { 'retry-after': String(ASKED_S) }
  const body = { error: { code: 'TooManyRequests', message: 'slow down' } }
  scenario.azure.setFaults([
    { method, path, times: 1, effect: { kind: 'answer', status, headers, body } }
  ])
  const from = scenario.azure.requests.length
  let ended = false
  const run = begin().finally(() => {
    ended = true
  })
  const met = () => scenario.azure.requests.slice(from).some((one) => one.status === status)
  while (!ended && !met()) await new Promise((resolve) => setTimeout(resolve, 5))
  act()
  const outcome = await run
  scenario.azure.setFaults([])
  expect(met()).toBe(true)
  return outcome
}

describe('a write that Azure refuses as one too many is made anew after the wait', () => {
  it.each(['userAssignedIdentities', 'namespaces', 'IotHubs', 'provisioningServices'])(
    'of %s, which somebody made meanwhile: theirs is not touched',
    async (type) => {
      await scenario.built()
      const one = scenario.only(type)
      const theirs = structuredClone({ ...one.body, tags: { owner: 'somebody' } })
      scenario.remove(one.id)
      const put = () => {
        scenario.azure.world.resources.set(one.id.toLowerCase(), { ...one, body: theirs })
      }
      const run = await refusedOnce(
        { method: 'PUT', path: `/${type}/[^/]+\\?` },
        () => scenario.run(),
        put
      )
      expect(run.failure).toContain('was made by somebody else')
      expect(scenario.only(type).body).toEqual(theirs)
    }
  )

  it('of the list of linked hubs, where no etag is honoured: a link of somebody else stays', async () => {
    await scenario.built()
    scenario.configure({ dpsHonoursIfMatch: false })
    const dps = scenario.only('provisioningServices')
    const [own] = linksOf(dps)
    if (own === undefined) throw new Error('no link')
    const other = { ...own, name: 'hub-other.azure-devices.net' }
    const links = (these: readonly (typeof own)[]) => {
      dps.secret.links = these
      scenario.set('provisioningServices', 'properties.iotHubs', these.map(show))
    }
    links([])
    await refusedOnce(
      { method: 'PUT', path: '/provisioningServices/[^/]+\\?' },
      () => scenario.apply(),
      () => links([other])
    )
    const names = linksOf(dps).map(({ name }) => name)
    expect(names).toEqual([other.name, own.name])
  })

  it('of the first tags of the newer model, of which somebody adds one: it stays', async () => {
    const tagged = () => {
      const dps = scenario.only('provisioningServices')
      dps.body.tags = { ...(dps.body.tags as object), added: 'meanwhile' }
    }
    await refusedOnce(
      { method: 'PATCH', path: '/provisioningServices/[^/]+\\?' },
      () => scenario.apply({ 'service-version': '2026-11-01' }),
      tagged
    )
    expect(scenario.only('provisioningServices').body.tags).toMatchObject({ added: 'meanwhile' })
  })
})

describe('a write that is refused for a while is not sent again before Azure wants it', () => {
  it.each([
    ['a sync', 'POST', '/synchronize', '2025-11-01-preview', 429],
    ['a sync', 'POST', '/synchronize', '2025-11-01-preview', 503],
    ['a link to the namespace', 'PATCH', '/namespaces/[^/]+\\?', '2026-11-01', 429],
    ['a link to the namespace', 'PATCH', '/namespaces/[^/]+\\?', '2026-11-01', 503]
  ] as const)('%s (%s %s, %s, %i)', async (_what, method, path, version, status) => {
    const begin = () => scenario.apply({ 'service-version': version })
    const run = await refusedOnce({ method, path, status }, begin)
    const [first = 0, second = 0] = run.requests
      .filter((one) => one.method === method && new RegExp(path).test(one.url))
      .map(({ time }) => Date.parse(time))
    expect(second - first).toBeGreaterThanOrEqual(ASKED_S * 1000)
  })
})
