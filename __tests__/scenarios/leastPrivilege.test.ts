import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import { apply, Pool, told } from './pool.ts'

const pool = new Pool('instant')
const ID = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'

const { Actions: actions } = JSON.parse(
  readFileSync(new URL('../../docs/least-privilege-role.json', import.meta.url), 'utf8')
) as { Actions: string[] }

const PROVIDERS = ['Microsoft.DeviceRegistry', 'Microsoft.Devices', 'Microsoft.ManagedIdentity']
const SHARED = /\/(namespaces|credentials|policies)\/[^/]+$/i

/** A whole life, with everything that the action may have to do. @returns what was refused, or failed */
async function live(azure: Emulator, granted: readonly string[]): Promise<readonly string[]> {
  azure.configure({
    roles: [{ id: ID, name: 'Least', actions: granted }],
    deployer: {
      grants: [{ role: ID, scope: `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}` }]
    },
    providers: Object.fromEntries(PROVIDERS.map((name) => [name, 'NotRegistered']))
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
    [{ ...two, operation: 'plan', environment: 'another' }, () => {}],
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
    const run = await apply(azure, inputs)
    const refused = azure.requests.filter(({ status }) => status === 403)
    if (refused.length > 0) return refused.map(({ method, url }) => `${method} ${url}`)
    if (run.exitCode !== 0) return [told(run)]
  }
  return [...world.resources.keys()]
}

describe('the least-privilege role', () => {
  it('is enough for a whole life', async () => {
    expect(await pool.map([0], (azure) => live(azure, actions))).toEqual([[]])
  })

  it('has no action too many: without any one of them something is refused', async () => {
    const needless = await pool.map(actions, async (azure, without) => {
      const refused = await live(
        azure,
        actions.filter((action) => action !== without)
      )
      return refused.length > 0 ? [] : [without]
    })
    expect(needless.flat()).toEqual([])
  }, 300_000)
})
