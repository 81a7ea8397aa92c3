import { describe, expect, test } from '@jest/globals'
import {
  type LinkFacts,
  mirrored
} from '../../../../src/generations/certificateAuthorities/linkStep.ts'
import type {
  Endpoint,
  LinkingNamespace,
  Section
} from '../../../../src/generations/certificateAuthorities/model.ts'
import { ALONE, NOW, seeing, signal } from '../../resources/sample.ts'
import { verdictOf, type World, worldOf } from './linkStepSample.ts'
import { dpsEndpoint, HUB, hubEndpoint, NAMESPACE, namespaceWith } from './sample.ts'

const FAILED = { linkingState: 'Failed', linkingError: { code: 'Bad', message: 'no' } }

const hubs = (...ids: readonly string[]) =>
  Object.fromEntries(ids.map((id, at) => [`h${at}`, hubEndpoint({ resourceId: id })]))
const NINE = Array.from({ length: 9 }, (_, at) => `/other${at}`)
const withHub = (more: Partial<Endpoint> = {}, state = 'Succeeded') =>
  namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint(more) }, state)
const MIRROR = (id: string) => ({ properties: { deviceRegistry: { namespaceResourceId: id } } })

describe('the link of a hub', () => {
  test.each<[string, World, string]>([
    ['is made', {}, 'create$'],
    ['is made while there is no namespace yet', { namespace: undefined }, 'create$'],
    ['is made while there is no hub yet', { owner: 'missing' }, 'create$'],
    ['that holds is kept', { namespace: withHub() }, 'keep$'],
    ['of that weight is kept', { namespace: withHub(), weight: 1 }, 'keep$'],
    [
      'of another weight is changed',
      { namespace: withHub(), weight: 2 },
      'change provisioning.allocationWeight'
    ],
    [
      'that holds in a namespace that failed heals that',
      { namespace: withHub({}, 'Failed') },
      'act: repair the namespace, which has failed'
    ],
    [
      'that Azure works on is waited for',
      { namespace: withHub({ linkingState: 'Linking' }) },
      'await: Azure to link it \\(Linking\\)'
    ],
    [
      'that failed is made again',
      { namespace: withHub(FAILED, 'Failed') },
      'act: link it again, which failed with Bad: no'
    ],
    [
      'that failed without a word is made again',
      { namespace: withHub({ linkingState: 'Failed' }) },
      'act: .*with no code: $'
    ],
    [
      'that failed is waited for while Azure works on the namespace',
      { namespace: withHub(FAILED, 'Updating') },
      'await: Azure to link it'
    ],
    ['of a hub that is gone is made anew', { namespace: withHub(), owner: 'missing' }, 'create$'],
    [
      'to another namespace is for good',
      { more: MIRROR(`${NAMESPACE}2`) },
      'cannot: .*linked to another namespace'
    ],
    ['that the hub knows of already is made', { more: MIRROR(NAMESPACE.toUpperCase()) }, 'create$'],
    ['of the tenth hub is made', { namespace: namespaceWith({}, hubs(...NINE)) }, 'create$'],
    [
      'of the eleventh hub stops',
      { namespace: namespaceWith({}, hubs(...NINE)), others: 1 },
      'cannot: .*would have 11 hubs'
    ],
    [
      'of a hub that is counted already is made',
      { namespace: namespaceWith({}, { ...hubs(...NINE), x: hubEndpoint(FAILED) }, 'Failed') },
      'act: link it again'
    ],
    [
      'counts no endpoint of another kind',
      {
        namespace: namespaceWith(
          {},
          { ...hubs(...NINE), x: { endpointType: 'Other', resourceId: '/x' } }
        )
      },
      'create$'
    ],
    ['of a shared hub has to be asked for', { owner: 'shared' }, 'cannot: .*cannot be taken back'],
    ['of a shared hub is made when asked for', { owner: 'shared', linkExisting: true }, 'create$'],
    ['of a shared hub that holds is kept', { owner: 'shared', namespace: withHub() }, 'keep$'],
    ['of a hub without an identity stops', { more: { identity: {} } }, 'cannot: .*has no identity']
  ])('%s', async (_what, world, line) => {
    expect(await verdictOf(world)).toMatch(new RegExp(`^${line}`))
  })
})

describe('the link of a DPS', () => {
  const section = 'provisioning'
  const linked = namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint() })
  test.each<[string, World, string]>([
    ['is made', { section }, 'create$'],
    ['that holds is kept', { section, namespace: linked }, 'keep$'],
    [
      'beside another DPS stops',
      { section, namespace: namespaceWith({ d: dpsEndpoint({ resourceId: '/other' }) }) },
      'cannot: .*has another DPS, /other'
    ],
    [
      'beside an endpoint of another kind is made',
      { section, namespace: namespaceWith({ d: { endpointType: 'Other', resourceId: '/x' } }) },
      'create$'
    ],
    [
      'is made beside any number of hubs',
      { section, namespace: namespaceWith({}, hubs(...NINE, '/9', '/10')) },
      'create$'
    ],
    [
      'that was deleted under its hubs warns',
      { section, owner: 'missing', namespace: linked },
      'create: DPS .* was deleted while hubs were linked'
    ],
    [
      'that was deleted without hubs does not',
      { section, owner: 'missing', namespace: namespaceWith({ d: dpsEndpoint() }) },
      'create$'
    ],
    [
      'that was never there does not warn',
      { section, owner: 'missing', namespace: namespaceWith({}, { h: hubEndpoint() }) },
      'create$'
    ],
    [
      'is for good as well',
      { section, more: { properties: { deviceRegistryNamespaces: [{ resourceId: '/other' }] } } },
      'cannot: .*linked to another namespace'
    ]
  ])('%s', async (_what, world, line) => {
    expect(await verdictOf(world)).toMatch(new RegExp(`^${line}`))
  })

  test.each<[Section, string, string]>([
    ['messaging', 'input `hub`', 'az iot hub identity assign'],
    ['provisioning', 'input `dps`', 'A DPS gets one only when it is made']
  ])('or hub is advised by its own words: %s', (of, other, identity) => {
    const adviceOf = (more: object) => {
      const { step, see } = worldOf({ section: of, more })
      const verdict = step.judge({ namespace: undefined, placed: undefined }, see)
      return verdict.action === 'cannot' ? verdict.problems[0]?.advice : undefined
    }
    const mirror =
      of === 'messaging'
        ? MIRROR('/x')
        : { properties: { deviceRegistryNamespaces: [{ resourceId: '/x' }] } }
    expect(adviceOf(mirror)).toContain(other)
    expect(adviceOf({ identity: {} })).toContain(identity)
  })
})

describe('a link', () => {
  const facts = (namespace: LinkingNamespace): LinkFacts => ({
    namespace,
    placed: {
      section: 'messaging',
      name: 'h',
      endpoint: namespace.properties?.messaging?.endpoints?.h ?? {}
    }
  })
  const { step } = worldOf({})
  test.each<[string, LinkFacts, readonly boolean[], boolean]>([
    ['that is not there is not checked', { namespace: withHub(), placed: undefined }, [], false],
    ['that holds is told to', facts(withHub()), [true, true], true],
    ['that failed is told to', facts(withHub(FAILED, 'Failed')), [false, true], false],
    [
      'that holds in a namespace that failed is told to',
      facts(withHub({}, 'Failed')),
      [true, false],
      true
    ],
    [
      'whose namespace is not known is taken for well',
      { ...facts(withHub()), namespace: undefined },
      [true, true],
      true
    ]
  ])('%s', (_what, found, holds, serves) => {
    expect(step.checks?.(found, seeing()).map((check) => check.holds)).toEqual(holds)
    expect(step.unmetRequirement(found) === undefined).toBe(serves)
  })

  test('tells its state with what Azure said of it', () => {
    const stateOf = (namespace: LinkingNamespace) =>
      Object.keys(step.state?.(facts(namespace)) ?? {})
    expect(step.state?.({ namespace: undefined, placed: undefined })).toBeUndefined()
    expect(stateOf(withHub())).toEqual(['resource', 'linkingState'])
    expect(stateOf(withHub({ ...FAILED, deviceAddress: 'd' }))).toEqual([
      'resource',
      'linkingState',
      'linkingError',
      'deviceAddress'
    ])
    const found = (more: Partial<Endpoint>) =>
      step.checks?.(facts(withHub(more)), seeing())[0]?.found
    expect(found(FAILED)).toBe('its link is Failed: Bad: no')
    expect(found({ linkingState: 'Linking' })).toBe('its link is Linking')
  })
})

test.each<[string, readonly (number | undefined)[], readonly number[]]>([
  ['without grants of this run begins at once', [undefined], []],
  ['begins a while after the youngest grant', [undefined, NOW - 80_000, NOW - 30_000], [52_000]],
  ['begins at once after old grants', [NOW - 90_000], []]
])('a link %s', async (_what, grants, slept) => {
  const { step, see, time } = worldOf({ namespace: withHub(), grants })
  const facts = await step.observe(see, signal)
  const verdict = { action: 'create' } as const
  const done = await step.apply({ facts, see, signal, ...ALONE, progress: () => {}, verdict })
  expect([time.slept, done.placed?.name]).toEqual([slept, 'h'])
})

test.each<[object | undefined, string | undefined]>([
  [undefined, undefined],
  [{}, undefined],
  [{ deviceRegistry: { namespaceResourceId: '/a' } }, '/a'],
  [{ deviceRegistry: undefined }, undefined],
  [{ deviceRegistryNamespaces: [{ resourceId: '/b' }] }, '/b'],
  [{ deviceRegistryNamespaces: [] }, undefined]
])('what says %j of its namespace is linked to %s', (properties, id) => {
  expect(mirrored({ id: HUB, name: 'hub1', ...(properties && { properties }) })).toBe(id)
})
