import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type {
  Endpoint,
  LinkingNamespace
} from '../../../../src/generations/certificateAuthorities/model.ts'
import { namespaceBody } from '../../../../src/generations/certificateAuthorities/namespaceBody.ts'
import { dpsEndpoint, hubEndpoint, namespaceWith } from './sample.ts'

const COMPUTED = { linkingState: 'Succeeded', linkingError: { code: 'x' }, deviceAddress: 'd' }
const LINK_TYPES = ['Microsoft.Devices/IotHubs', 'Microsoft.Devices/provisioningServices']

describe('the body of a namespace', () => {
  it('says all that may be said, and nothing that Azure computes', () => {
    const user = '/u'
    const found = {
      ...namespaceWith(
        { d: dpsEndpoint() },
        { h: hubEndpoint({ deviceAddress: 'h.device', ...{ address: 'h.service' } }) }
      ),
      identity: {
        type: 'SystemAssigned,UserAssigned',
        principalId: 'p',
        tenantId: 't',
        userAssignedIdentities: { [user]: { principalId: 'q', clientId: 'c' } }
      }
    }
    const { linkingState: _d, ...dps } = dpsEndpoint()
    const { linkingState: _h, ...hub } = hubEndpoint()
    expect(namespaceBody(found, {})).toEqual({
      location: 'westeurope',
      tags: { team: 'iot' },
      identity: {
        type: 'SystemAssigned,UserAssigned',
        userAssignedIdentities: { [user]: {} }
      },
      properties: {
        provisioning: { endpoints: { d: dps } },
        messaging: { endpoints: { h: hub } }
      }
    })
  })

  it('has a section only where there was one, or where something is added', () => {
    const bare: LinkingNamespace = { id: 'x', name: 'x', location: 'l', properties: {} }
    expect(namespaceBody(bare, {})).toEqual({ location: 'l', properties: {} })
    expect(namespaceBody(bare, { messaging: { h: hubEndpoint() } })).toEqual({
      location: 'l',
      properties: { messaging: { endpoints: { h: hubEndpoint() } } }
    })
  })

  it('goes without what is removed, in that section alone', () => {
    const found = namespaceWith({ x: dpsEndpoint() }, { x: hubEndpoint(), y: hubEndpoint() })
    const { properties } = namespaceBody(found, {}, [{ section: 'messaging', name: 'x' }]) as {
      properties: Record<'messaging' | 'provisioning', { endpoints: object }>
    }
    expect(Object.keys(properties.messaging.endpoints)).toEqual(['y'])
    expect(Object.keys(properties.provisioning.endpoints)).toEqual(['x'])
  })
})

/** What somebody else may have put into a namespace: of any kind, with an address that is theirs to write. */
const foreign = fc.record({
  endpointType: fc.stringMatching(/^Microsoft\.[A-Z][a-z]{2,9}\/[a-z]{3,9}$/),
  address: fc.webUrl(),
  resourceId: fc.constantFrom('/grid', '/x/y'),
  anything: fc.jsonValue()
})
const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/)
const endpointMap = fc.dictionary(names, foreign, { maxKeys: 3 })
const section = fc.option(fc.record({ endpoints: endpointMap, other: fc.jsonValue() }), {
  nil: undefined
})
const unknown = fc.dictionary(
  fc.constantFrom('management', 'observability', 'outboundIdentity', 'anythingNew'),
  fc.jsonValue().filter((value) => value !== null)
)

/** A namespace of any shape; hubs and DPS among its endpoints have names that nothing else has. */
const shapes = fc.record({ messaging: section, provisioning: section, updating: section, unknown })

it('whatever else is in a namespace is written back to the letter', () => {
  fc.assert(
    fc.property(shapes, fc.boolean(), ({ unknown: more, ...sections }, links) => {
      const withLinks = (name: string, endpoint: Endpoint) => {
        const now = sections[name as keyof typeof sections]
        const shown = Object.fromEntries(
          Object.entries(now?.endpoints ?? {}).map(([key, one]) => [key, { ...one, ...COMPUTED }])
        )
        const endpoints = links ? { ...shown, 'our-link': endpoint } : shown
        return now || links ? { [name]: { ...now, endpoints } } : {}
      }
      const properties = {
        ...more,
        ...withLinks('messaging', hubEndpoint()),
        ...withLinks('provisioning', dpsEndpoint()),
        ...(sections.updating && { updating: sections.updating }),
        uuid: 'u',
        provisioningState: 'Failed'
      }
      const found = { id: 'x', name: 'x', location: 'l', properties } as LinkingNamespace
      const body = namespaceBody(found, { messaging: { added: hubEndpoint() } }) as {
        properties: Record<string, { endpoints: Record<string, Endpoint> } | undefined>
      }
      const written = body.properties
      for (const [name, value] of Object.entries(more))
        expect(JSON.stringify(written[name])).toBe(JSON.stringify(value))
      expect(written).not.toHaveProperty('uuid')
      expect(written).not.toHaveProperty('provisioningState')
      for (const name of ['messaging', 'provisioning'] as const) {
        const { other, endpoints = {} } = sections[name] ?? {}
        const section = written[name] as { other?: unknown } | undefined
        expect(section?.other).toEqual(other)
        for (const [key, endpoint] of Object.entries(endpoints)) {
          if (LINK_TYPES.includes(endpoint.endpointType) || key === 'added') continue
          const now = written[name]?.endpoints[key]
          expect(JSON.stringify(now)).toBe(JSON.stringify(endpoint))
        }
      }
      expect(Object.keys(written.messaging?.endpoints ?? {})).toContain('added')
    })
  )
})

it('what has endpoints and is no section of ours is somebody else’s to the letter', () => {
  const other = { endpoints: { h: hubEndpoint({ linkingState: 'Failed' }) } }
  const namespace = namespaceWith({})
  const properties = { ...namespace.properties, other }
  expect(namespaceBody({ ...namespace, properties }, {}).properties).toMatchObject({ other })
})

it('an identity without attached ones names none', () => {
  expect(namespaceBody(namespaceWith({}), {}).identity).not.toHaveProperty('userAssignedIdentities')
})
