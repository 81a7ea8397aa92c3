import { describe, expect, it } from '@jest/globals'
import {
  sectionsOf,
  type WantedLink,
  weightDiffers
} from '../../../../src/generations/certificateAuthorities/linkBody.ts'
import { DPS, dpsEndpoint, HUB, hubEndpoint, namespaceWith } from './sample.ts'

const OWN = { type: 'SystemAssigned' }
const USER =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u'
const BY_USER = { type: 'UserAssigned', userAssignedIdentity: USER }

const dps: WantedLink = { section: 'provisioning', name: 'dps1', resourceId: DPS, inbound: OWN }
const hub: WantedLink = { section: 'messaging', name: 'hub1', resourceId: HUB, inbound: OWN }

describe('what a write says of links', () => {
  it('is the whole of each that is new, and of no other', () => {
    const { linkingState: _d, ...ofDps } = dpsEndpoint()
    const { linkingState: _h, ...ofHub } = hubEndpoint()
    expect(sectionsOf(namespaceWith({}), [dps])).toEqual({ provisioning: { dps1: ofDps } })
    expect(sectionsOf(namespaceWith({ d: dpsEndpoint() }), [hub])).toEqual({
      messaging: { hub1: ofHub }
    })
    expect(sectionsOf(namespaceWith({}), [dps, hub])).toEqual({
      provisioning: { dps1: ofDps },
      messaging: { hub1: ofHub }
    })
  })

  it('keeps name, identity, availability and weight of an endpoint that is there', () => {
    const there = hubEndpoint({
      resourceId: HUB.toUpperCase(),
      inboundCallerIdentity: BY_USER,
      provisioning: { availability: 'Disabled', allocationWeight: 7 },
      linkingState: 'Failed',
      linkingError: { code: 'x', message: 'y' },
      deviceAddress: 'd'
    })
    expect(sectionsOf(namespaceWith({}, { theirs: there }), [hub])).toEqual({
      messaging: {
        theirs: {
          endpointType: 'Microsoft.Devices/IotHubs',
          resourceId: HUB.toUpperCase(),
          inboundCallerIdentity: BY_USER,
          provisioning: { availability: 'Disabled', allocationWeight: 7 }
        }
      }
    })
  })

  it('gives the weight that is wanted, and no identity where the hub has none', () => {
    const { messaging } = sectionsOf(namespaceWith({}), [
      { ...hub, inbound: undefined, allocationWeight: 3 }
    ])
    expect(messaging?.hub1).not.toHaveProperty('inboundCallerIdentity')
    expect(messaging?.hub1?.provisioning).toEqual({
      availability: 'Available',
      allocationWeight: 3
    })
  })

  it.each([
    [undefined, 7, 0],
    [7, 7, 0],
    [1, undefined, 0],
    [2, undefined, 1],
    [2, 1, 1]
  ])('changes the weight: wanted %s, there %s, changes %i', (wanted, there, count) => {
    const link = { ...hub, ...(wanted !== undefined && { allocationWeight: wanted }) }
    const endpoint = there === undefined ? {} : { provisioning: { allocationWeight: there } }
    expect(weightDiffers(link, endpoint)).toHaveLength(count)
  })
})
