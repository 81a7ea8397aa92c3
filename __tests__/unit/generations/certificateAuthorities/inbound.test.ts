import { describe, expect, it } from '@jest/globals'
import {
  inboundIdentity,
  inboundPrincipal
} from '../../../../src/generations/certificateAuthorities/inbound.ts'
import { HUB, hubEndpoint } from './sample.ts'

const OWN = { type: 'SystemAssigned' }
const USER =
  '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/u'
const BY_USER = { type: 'UserAssigned', userAssignedIdentity: USER }

describe('the identity by which it is linked', () => {
  it.each([
    [undefined, undefined],
    [{ type: 'None' }, undefined],
    [{ type: 'SystemAssigned' }, OWN],
    [{ type: 'systemassigned' }, OWN],
    [{ type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [USER]: {} } }, OWN],
    [{ type: 'SystemAssigned,UserAssigned', userAssignedIdentities: { [USER]: {} } }, OWN],
    [{ type: 'UserAssigned', userAssignedIdentities: { [USER]: {} } }, BY_USER]
  ])('of %j is %j', (identity, wanted) => {
    expect(inboundIdentity(identity)).toEqual(wanted)
  })

  it('is that of the endpoint where there is one', () => {
    const identity = {
      type: 'SystemAssigned, UserAssigned',
      principalId: 'own',
      userAssignedIdentities: { [USER.toUpperCase()]: { principalId: 'attached' } }
    }
    const resource = { id: HUB, name: 'hub1', identity }
    expect(inboundPrincipal(resource, undefined)).toBe('own')
    expect(inboundPrincipal(resource, hubEndpoint())).toBe('own')
    expect(inboundPrincipal(resource, hubEndpoint({ inboundCallerIdentity: BY_USER }))).toBe(
      'attached'
    )
    const gone = { ...BY_USER, userAssignedIdentity: '/other' }
    expect(inboundPrincipal(resource, hubEndpoint({ inboundCallerIdentity: gone }))).toBeUndefined()
    expect(inboundPrincipal(undefined, undefined)).toBeUndefined()
  })
})
