import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { apply, Pool, told } from './pool.ts'

const pool = new Pool('instant')
const ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'

const { Actions: actions } = JSON.parse(
  readFileSync(new URL('../../docs/least-privilege-role.json', import.meta.url), 'utf8')
) as { Actions: string[] }
const named = actions.filter((action) => action !== '*/read')

const PROVIDERS = ['Microsoft.DeviceRegistry', 'Microsoft.Devices', 'Microsoft.ManagedIdentity']
/** What only the model with certificate authorities has. */
const NEWER = /certificateauthorities|registrydevices/i
const SHARED = /\/(namespaces|credentials|policies)\/[^/]+$/i
/** Wherever Azure has the operations of hubs and DPSs followed. */
const PLACES = ['recorded', 'listed', 'provider'] as const

interface Life {
  readonly actions: readonly string[]
  readonly place?: (typeof PLACES)[number]
  /** Role that the identity has besides, on the group that the action makes. */
  readonly onGroup?: string
}

/** A whole life, with everything that the action may have to do. @returns what was refused or failed, or what is left */
async function live(
  azure: Emulator,
  { actions: granted, place = 'recorded', onGroup }: Life
): Promise<readonly string[]> {
  const scope = `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}`
  const group = `${scope}/resourceGroups/least`
  azure.configure({
    roles: [{ id: ID, name: 'Least', actions: granted }],
    deployer: {
      grants: [{ role: ID, scope }, ...(onGroup ? [{ role: onGroup, scope: group }] : [])]
    },
    providers: Object.fromEntries(PROVIDERS.map((name) => [name, 'NotRegistered'])),
    devicesOperations: place,
    // Each right at the address that it is asked for at.
    operationsFollowed: 'address'
  })
  const { world } = azure
  const matching = (pattern: RegExp) =>
    [...world.resources.values()].filter(({ id }) => pattern.test(id))
  const two = { policies: 'default=30\nother=7' }
  const destroy = { operation: 'destroy', confirm: 'test', location: '' }
  let tags: unknown[] = []
  const stages: readonly (readonly [Record<string, string>, () => void])[] = [
    [two, () => {}],
    [
      { ...two, tags: 'a=b' },
      () => {
        for (const { body } of matching(/policies\/default$/i)) {
          const { certificate } = body.properties as { certificate: Record<string, unknown> }
          certificate.leafCertificateConfiguration = { validityPeriodInDays: 9 }
        }
      }
    ],
    [{ ...two, operation: 'verify' }, () => {}],
    // Names are only asked for once the provider is registered.
    [{ ...two, operation: 'plan', environment: 'another', 'resource-group': 'another' }, () => {}],
    [
      destroy,
      () => {
        tags = matching(SHARED).map(({ body }) => body.tags)
        for (const { body } of matching(SHARED)) body.tags = {}
      }
    ],
    [
      destroy,
      () => {
        for (const [index, { body }] of matching(SHARED).entries()) body.tags = tags[index]
      }
    ]
  ]
  for (const [inputs, before] of stages) {
    before()
    const run = await apply(azure, { 'resource-group': 'least', ...inputs })
    const refused = azure.requests.filter(({ status }) => status === 403)
    if (refused.length > 0) return refused.map(({ method, url }) => `${method} ${url}`)
    if (run.exitCode !== 0) return [told(run)]
  }
  return [...world.resources.keys()]
}

describe('the least-privilege role', () => {
  it('is enough for a whole life, and names no right that none of it asks for', async () => {
    const asked = new Set<string>()
    const lives = await pool.map(PLACES, async (azure, place) => {
      const left = await live(azure, { actions, place })
      for (const right of azure.rights()) asked.add(right)
      return left
    })
    expect(lives).toEqual([[], [], []])
    const tutorials = named.map((action) => action.toLowerCase()).filter((one) => !NEWER.test(one))
    expect(asked).toEqual(new Set(tutorials))
  })

  it('is enough for a life of the newer model, which asks for the rest', async () => {
    const [rights] = await pool.map([0], async (azure) => {
      const scope = `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}`
      azure.configure({
        roles: [{ id: ID, name: 'Least', actions }],
        deployer: { grants: [{ role: ID, scope }] },
        operationsFollowed: 'address'
      })
      const model = { 'service-version': '2026-11-01' }
      const destroy = { operation: 'destroy', confirm: 'test', location: '' }
      for (const more of [{}, { 'leaf-validity-days': '7' }, destroy])
        expect(told(await apply(azure, { ...model, ...more }))).not.toContain('::error')
      expect([...azure.world.resources.keys()]).toEqual([])
      return azure.rights()
    })
    const newer = named.map((action) => action.toLowerCase()).filter((one) => NEWER.test(one))
    // Devices only come when some register; that they are looked for shows here.
    const rest = newer.filter(
      (one) => one !== 'microsoft.deviceregistry/namespaces/registrydevices/delete'
    )
    expect([...(rights ?? [])]).toEqual(expect.arrayContaining(rest))
  })

  it('needs */read only where it deletes the group: on that', async () => {
    const [without, withReader] = await pool.map([undefined, 'Reader'], (azure, onGroup) =>
      live(azure, { actions: named, ...(onGroup && { onGroup }) })
    )
    expect(without).toEqual([expect.stringMatching(/\/resourcegroups\/least$/)])
    expect(withReader).toEqual([])
  })
})
