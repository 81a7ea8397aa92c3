import { describe, expect, it } from '@jest/globals'
import { linksOf, show } from '../../emulator/providers/links.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Emulated seconds: long enough for what happens meanwhile, however slow the machine. */
const ASKED_S = 600

/** The first request of this kind is refused as one too many, and somebody acts before it is sent again. */
async function throttled(
  method: 'PUT' | 'PATCH' | 'POST',
  path: string,
  begin: () => Promise<Outcome>,
  act: () => void = () => {}
): Promise<Outcome> {
  const headers = { 'retry-after': String(ASKED_S) }
  const body = { error: { code: 'TooManyRequests', message: 'slow down' } }
  scenario.azure.setFaults([
    { method, path, times: 1, effect: { kind: 'answer', status: 429, headers, body } }
  ])
  const from = scenario.azure.requests.length
  let ended = false
  const run = begin().finally(() => {
    ended = true
  })
  const met = () => scenario.azure.requests.slice(from).some(({ status }) => status === 429)
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
      const run = await throttled('PUT', `/${type}/[^/]+\\?`, () => scenario.run(), put)
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
    await throttled(
      'PUT',
      '/provisioningServices/[^/]+\\?',
      () => scenario.apply(),
      () => links([other])
    )
    const names = linksOf(dps).map(({ name }) => name)
    expect(names).toEqual([other.name, own.name])
  })

  it('of a sync: not before Azure wants it', async () => {
    const run = await throttled('POST', '/synchronize', () => scenario.apply())
    const [first = 0, second = 0] = run.requests
      .filter(({ url }) => url.includes('/synchronize'))
      .map(({ time }) => Date.parse(time))
    expect(second - first).toBeGreaterThanOrEqual(ASKED_S * 1000)
  })

  it('of the first tags of the newer model, of which somebody adds one: it stays', async () => {
    const tagged = () => {
      const dps = scenario.only('provisioningServices')
      dps.body.tags = { ...(dps.body.tags as object), added: 'meanwhile' }
    }
    await throttled(
      'PATCH',
      '/provisioningServices/[^/]+\\?',
      () => scenario.apply({ 'service-version': '2026-11-01' }),
      tagged
    )
    expect(scenario.only('provisioningServices').body.tags).toMatchObject({ added: 'meanwhile' })
  })

  it('of a link to the namespace: not before Azure wants it', async () => {
    const run = await throttled('PATCH', '/namespaces/[^/]+\\?', () =>
      scenario.apply({ 'service-version': '2026-11-01' })
    )
    const [first = 0, second = 0] = run.requests
      .filter(({ method, url }) => method === 'PATCH' && /namespaces\/[^/]+\?/.test(url))
      .map(({ time }) => Date.parse(time))
    expect(second - first).toBeGreaterThanOrEqual(ASKED_S * 1000)
  })
})
