import { describe, expect, it } from '@jest/globals'
import { originOf } from '../../../src/report/origin.ts'
import { picture } from '../../../src/report/picture.ts'
import { report, result } from './sample.ts'

function named(resource: string, id: string) {
  const one = result(resource)
  return { ...one, step: { ...one.step, id } }
}

function hubs(count: number, ...others: readonly string[]) {
  const results = [
    ...Array.from({ length: count }, (_, index) =>
      named(`/x/hub-${index}"]; click n0 href`, `hub/h${index}`)
    ),
    ...others.map((id) => named(`/x/${id}`, id))
  ]
  const items = results.map(({ step }) => ({ step, verdict: { action: 'create' as const } }))
  return report({ results, plan: { items, unmanaged: [] } })
}

describe('the picture', () => {
  it('has a box for each of two, whose names stay names, and one box for more', () => {
    const two = picture(hubs(2)) ?? ''
    expect(two.match(/^ +n\d+\["IoT hub<br\/>[^"]*<br\/>created"\]:::new$/gm)).toHaveLength(2)
    expect(two).not.toMatch(/^\s*click/m)
    expect(picture(hubs(3))?.match(/^ +n\d+\[/gm)).toHaveLength(1)
  })

  it('says once what ties a box to several that are alike, and draws each line', () => {
    const links = picture(hubs(2, 'dps', 'link/h0', 'link/h1', 'credential', 'sync')) ?? ''
    const lines = (arrow: RegExp) => links.match(arrow)?.length
    expect(lines(/^ +n\d+ == "sync<br\/>created" ==> n\d+$/gm)).toBe(1)
    expect(lines(/^ +n\d+ ==> n\d+$/gm)).toBe(1)
    expect(lines(/^ +n\d+ -- "link<br\/>created" --> n\d+$/gm)).toBe(1)
    expect(lines(/^ +n\d+ --> n\d+$/gm)).toBe(1)
  })

  it('is none where nothing is known', () => {
    expect(picture(report())).toBeUndefined()
  })
})

it('links end where their address ends, whatever the name of a group', () => {
  const signIn = { cloud: 'AzureUSGovernment', tenantId: 't' } as const
  const { portal, run, help } = originOf({}, signIn, '/subscriptions/s/resourceGroups/a(b)')
  expect(portal).toBe(
    'https://portal.azure.us/#@t/resource/subscriptions/s/resourceGroups/a%28b%29/overview'
  )
  expect([run, help]).toEqual([undefined, undefined])
})
