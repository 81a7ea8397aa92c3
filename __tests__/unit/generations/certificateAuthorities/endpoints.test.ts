import { describe, expect, it } from '@jest/globals'
import {
  endpointsOf,
  endpointTo,
  hasFailed,
  isInhabited,
  isLink,
  isLinked,
  isTerminal,
  needsHealing,
  outboundPrincipal
} from '../../../../src/generations/certificateAuthorities/endpoints.ts'
import type { Endpoint } from '../../../../src/generations/certificateAuthorities/model.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, namespaceWith, PRINCIPAL } from './sample.ts'

const GRID: Endpoint = { endpointType: 'Microsoft.EventGrid/namespaces', resourceId: '/grid' }
const USER =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u'

describe('endpoints', () => {
  it('are of both sections, whatever they lead to; none where there is no section', () => {
    const all = endpointsOf(namespaceWith({ d: dpsEndpoint() }, { g: GRID, h: hubEndpoint() }))
    expect(all.map(({ section, name }) => `${section}/${name}`)).toEqual([
      'provisioning/d',
      'messaging/g',
      'messaging/h'
    ])
    expect(endpointsOf(undefined)).toEqual([])
    expect(endpointsOf({ id: 'x', name: 'x' })).toEqual([])
  })

  it('are found by what they lead to, in any letters', () => {
    const namespace = namespaceWith({ d: dpsEndpoint() }, { h: hubEndpoint() })
    expect(endpointTo(namespace, HUB.toUpperCase())?.name).toBe('h')
    expect(endpointTo(namespace, DPS)?.section).toBe('provisioning')
    expect(endpointTo(namespace, '/other')).toBeUndefined()
  })

  it.each([
    ['messaging', hubEndpoint(), true],
    ['messaging', hubEndpoint({ endpointType: 'MICROSOFT.DEVICES/iothubs' }), true],
    ['messaging', { resourceId: HUB, linkingState: 'Succeeded' }, true],
    ['messaging', { resourceId: HUB }, false],
    ['messaging', GRID, false],
    ['messaging', dpsEndpoint(), false],
    ['provisioning', dpsEndpoint(), true]
  ] as const)('of %s: %j is a link: %s', (section, endpoint, wanted) => {
    expect(isLink({ section, name: 'x', endpoint })).toBe(wanted)
  })

  it.each([
    ['Succeeded', undefined, true, false],
    ['succeeded', undefined, true, false],
    ['Succeeded', { code: 'x' }, false, true],
    ['Failed', undefined, false, true],
    ['Failed', { code: 'x' }, false, true],
    ['InProgress', undefined, false, false],
    ['Unheard', undefined, false, false],
    [undefined, undefined, false, false]
  ])(
    'in state %s with the error %j: linked %s, failed %s',
    (linkingState, error, linked, failed) => {
      const endpoint: Endpoint = {
        ...(linkingState && { linkingState }),
        ...(error && { linkingError: error })
      }
      expect([isLinked(endpoint), hasFailed(endpoint)]).toEqual([linked, failed])
    }
  )
})

describe('a namespace', () => {
  it.each([
    ['nothing', {}, false],
    ['empty sections', { messaging: { endpoints: {} }, provisioning: {} }, false],
    ['a section of another kind', { observability: 'on', later: null }, false],
    ['a link', { provisioning: { endpoints: { d: dpsEndpoint() } } }, true],
    ['an endpoint of a section that is not ours', { management: { endpoints: { m: {} } } }, true]
  ])('with %s is inhabited: %s', (_what, properties, wanted) => {
    expect(isInhabited({ id: 'x', name: 'x', properties: properties as object })).toBe(wanted)
  })

  it.each([
    ['Succeeded', true],
    ['Failed', true],
    ['Canceled', true],
    ['Cancelled', true],
    [undefined, true],
    ['Accepted', false],
    ['Creating', false],
    ['Updating', false],
    ['InProgress', false],
    ['Running', false],
    ['Deleting', false],
    ['Unheard', false]
  ])('in state %s has come to rest: %s', (state, wanted) => {
    expect(isTerminal(state)).toBe(wanted)
  })

  it.each([
    ['Failed', dpsEndpoint(), true],
    ['Canceled', dpsEndpoint(), true],
    ['Succeeded', dpsEndpoint(), false],
    ['Updating', dpsEndpoint(), false],
    ['Failed', dpsEndpoint({ linkingState: 'Failed' }), false],
    ['Failed', dpsEndpoint({ linkingState: 'InProgress' }), false]
  ])('in state %s with %j needs healing: %s', (state, endpoint, wanted) => {
    expect(needsHealing(namespaceWith({ d: endpoint }, { g: GRID }, state))).toBe(wanted)
  })

  it('that never had a link does not need healing: its creation failed', () => {
    expect(needsHealing(namespaceWith({}, { g: GRID }, 'Failed'))).toBe(false)
  })

  it('acts by its own identity, or by one that is attached and chosen', () => {
    const own = namespaceWith({})
    expect(outboundPrincipal(own)).toBe(PRINCIPAL)
    const outboundIdentity = { type: 'UserAssigned', userAssignedIdentity: USER.toUpperCase() }
    const chosen = { ...own, properties: { ...own.properties, outboundIdentity } }
    expect(outboundPrincipal(chosen)).toBeUndefined()
    const userAssignedIdentities = { [USER]: { principalId: 'p' } }
    const identity = { type: 'SystemAssigned,UserAssigned', userAssignedIdentities }
    expect(outboundPrincipal({ ...chosen, identity })).toBe('p')
    expect(outboundPrincipal({ id: 'x', name: 'x' })).toBeUndefined()
  })
})
