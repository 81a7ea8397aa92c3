import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  formatResourceId,
  groupId,
  parseResourceId,
  sameId
} from '../../../src/settings/resourceId.ts'

const hub = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Devices/IotHubs/h'

describe('resource ids', () => {
  it.each([
    [hub, 's', 'g', 'Microsoft.Devices/IotHubs', ['h']],
    [`${hub}/certificates/c`, 's', 'g', 'Microsoft.Devices/IotHubs/certificates', ['h', 'c']],
    [
      '/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/r',
      's',
      undefined,
      'Microsoft.Authorization/roleDefinitions',
      ['r']
    ]
  ])('%s is parsed and formatted', (text, subscriptionId, resourceGroup, type, names) => {
    const id = parseResourceId(text)
    expect(id).toEqual({ subscriptionId, resourceGroup, type, names })
    expect(id && formatResourceId(id)).toBe(text)
  })

  it.each([
    '',
    'hub',
    groupId('s', 'g'),
    `${hub}/`,
    `${hub}/certificates`,
    `${hub}?api-version=1`,
    `${hub} `,
    `https://management.azure.com${hub}`,
    hub.replace('/h', '//h')
  ])('%j is no id', (text) => {
    expect(parseResourceId(text)).toBeUndefined()
  })

  it('compare without regard to case', () => {
    expect(sameId(hub, hub.toUpperCase())).toBe(true)
    expect(sameId(hub, `${hub}2`)).toBe(false)
  })

  it('come back from any text unchanged, or not at all', () => {
    const part = fc.stringMatching(/^[\w.()-]{1,9}$/)
    fc.assert(
      fc.property(fc.array(part, { maxLength: 9 }), (parts) => {
        const text = `/subscriptions/s/resourceGroups/g/providers/${parts.join('/')}`
        const id = parseResourceId(text)
        if (id !== undefined) expect(formatResourceId(id)).toBe(text)
        expect(id === undefined).toBe(parts.length < 3 || parts.length % 2 === 0)
      })
    )
  })
})
