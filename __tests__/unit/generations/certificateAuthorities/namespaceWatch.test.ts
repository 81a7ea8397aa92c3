import { describe, expect, test } from '@jest/globals'
import type { WantedLink } from '../../../../src/generations/certificateAuthorities/linkBody.ts'
import type {
  Endpoint,
  LinkingNamespace
} from '../../../../src/generations/certificateAuthorities/model.ts'
import {
  isMade,
  NamespaceWatch
} from '../../../../src/generations/certificateAuthorities/namespaceWatch.ts'
import { clockAt, refused, signal, target } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { dpsEndpoint, HUB, hubEndpoint, NAMESPACE, namespaceWith } from './sample.ts'

const LINK: WantedLink = { section: 'messaging', name: 'h', resourceId: HUB }
const withHub = (more: Partial<Endpoint> = {}, state = 'Succeeded') =>
  namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint(more) }, state)
const WITHOUT = namespaceWith({ d: dpsEndpoint() })

interface World {
  readonly looks: readonly (LinkingNamespace | undefined)[]
  readonly links?: readonly WantedLink[]
  readonly failure?: Error
}

function watchOf({ looks, links = [LINK], failure }: World) {
  const [seen, waits, patches] = [[...looks], [] as string[], [] as object[]]
  const time = clockAt()
  const azure = azureOf(
    {
      get: () => (seen.length > 1 ? seen.shift() : seen[0]),
      patch: (_id, { body }: { body: object }) => {
        patches.push(body)
        if (failure) throw failure
      }
    },
    { time }
  )
  const waiting = { signal, progress: (text: string) => void waits.push(text) }
  const batch = links.length === 0 ? [waiting] : links.map((link) => ({ ...waiting, link }))
  return { watch: new NamespaceWatch(azure, target(NAMESPACE), batch), waits, patches, time }
}

describe('a namespace', () => {
  test.each<[string, World, readonly string[]]>([
    ['that rests is not waited for', { looks: [withHub()] }, []],
    [
      'that Azure works on is waited for',
      { looks: [withHub({}, 'Updating'), withHub()] },
      ['Azure to end its work on the namespace (its state is Updating)']
    ],
    [
      'whose link is being made is waited for',
      { looks: [withHub({ linkingState: 'Linking' }), withHub()] },
      ['Azure to link h (Linking)']
    ],
    [
      'whose link failed is not waited for',
      { looks: [withHub({ linkingState: 'Failed' }, 'Failed')] },
      []
    ],
    [
      'with another link that is being made is not waited for',
      { looks: [withHub({ linkingState: 'Linking' })], links: [] },
      []
    ],
    [
      'without the link is waited for so often',
      { looks: [WITHOUT] },
      ['the link to show', 'the link to show']
    ],
    [
      'without the link is waited for until it shows',
      { looks: [WITHOUT, withHub()] },
      ['the link to show']
    ]
  ])('%s', async (_what, world, waits) => {
    const { watch, waits: told } = watchOf(world)
    await watch.quiet(2)
    expect(told).toEqual(waits)
  })

  test('that is gone is told', async () => {
    await expect(watchOf({ looks: [undefined] }).watch.quiet()).rejects.toThrow(
      'is gone; run again'
    )
  })

  const FAILED = withHub({}, 'Failed')
  test.each<[string, World, number, number]>([
    ['that is well is left', { looks: [withHub()] }, 0, 0],
    [
      'that failed with a link is left',
      { looks: [withHub({ linkingState: 'Failed' }, 'Failed')] },
      0,
      0
    ],
    [
      'that failed with all its links is healed',
      { looks: [FAILED, withHub({}, 'Updating'), withHub()] },
      1,
      1
    ],
    [
      'that failed is healed by whoever was faster',
      { looks: [FAILED, withHub()], failure: refused(409, 'InProgress') },
      1,
      0
    ],
    ['that does not heal is waited for five minutes', { looks: [FAILED] }, 1, 99]
  ])('%s', async (_what, world, writes, waits) => {
    const { watch, patches, waits: told } = watchOf(world)
    await watch.healed()
    expect(patches).toEqual(Array.from({ length: writes }, () => ({ tags: { team: 'iot' } })))
    expect(told).toHaveLength(waits)
  })

  test('that has no tags is healed without any', async () => {
    const { tags: _tags, ...untagged } = FAILED
    const { watch, patches } = watchOf({ looks: [untagged, withHub()] })
    await watch.healed()
    expect(patches).toEqual([{ tags: {} }])
  })

  test('that may not be written is told', async () => {
    const { watch } = watchOf({ looks: [FAILED], failure: refused(403, 'Denied') })
    await expect(watch.healed()).rejects.toThrow('Azure said Denied')
  })

  test('is waited for no less than not at all, by somebody', async () => {
    const { watch, time } = watchOf({ looks: [] })
    await watch.wait(-5)
    await watch.wait(5)
    expect(time.slept).toEqual([0, 5])
    expect(() => new NamespaceWatch(azureOf(), target(NAMESPACE), []).signal).toThrow(
      'nothing to link'
    )
  })
})

test.each<[string, LinkingNamespace, WantedLink, boolean]>([
  ['made', withHub(), LINK, true],
  ['made with its weight', withHub(), { ...LINK, allocationWeight: 1 }, true],
  ['not made with another weight', withHub(), { ...LINK, allocationWeight: 2 }, false],
  ['not made while Azure works on it', withHub({ linkingState: 'Linking' }), LINK, false],
  ['not made while it does not show', WITHOUT, LINK, false]
])('a link is %s', (_what, namespace, link, made) => {
  expect(isMade(namespace, link)).toBe(made)
})
