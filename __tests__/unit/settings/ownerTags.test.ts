import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  instant,
  lifetimeOf,
  lifetimeTags,
  markedAs,
  ownerOf,
  ownershipTags
} from '../../../src/settings/ownerTags.ts'
import { anyCharacter } from './anyCharacter.ts'

const GROUP = '/subscriptions/s/resourceGroups/rg-1'
const ID = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub-1`
const ownership = {
  host: 'github.com',
  repository: 'octo/thermostat',
  repositoryId: '4711',
  environment: 'Feature/X',
  branch: 'as recorded'
} as const

describe('ownership', () => {
  const tags = ownershipTags(ownership, ID)
  const without = (name: string) =>
    Object.fromEntries(Object.entries(tags).filter(([one]) => one !== name))

  it('has exact names and a mark, which never change', () => {
    expect(tags).toEqual({
      'managed-by': 'provision-azure-iot',
      'iot-repository-id': '4711',
      'iot-repository': 'octo/thermostat',
      'iot-environment': 'Feature/X',
      'iot-mark': expect.stringMatching(/^[0-9a-f]{32} rg-1\/hub-1$/)
    })
    expect(markedAs({ id: ID, tags })).toBe('rg-1/hub-1')
    expect(markedAs({ id: ID, tags: without('iot-mark') })).toBeUndefined()
    expect(ownershipTags(ownership, GROUP)['iot-mark']).toMatch(/ rg-1$/)
  })

  const other = { ...ownership, environment: 'main' }
  it.each([
    ['ours', tags],
    ['ours', { ...tags, 'iot-repository': 'renamed/since' }],
    ['ours', { ...tags, 'iot-environment': 'feature/x' }],
    ['ours', Object.fromEntries(Object.entries(tags).map(([n, v]) => [n.toUpperCase(), v]))],
    ['unproven', without('iot-mark')],
    ['unproven', { ...tags, 'iot-mark': ownershipTags(ownership, `${ID}-2`)['iot-mark'] ?? '' }],
    ['unproven', ownershipTags({ ...ownership, host: 'github.example.com' }, ID)],
    ['sibling', ownershipTags(other, ID)],
    ['foreign', ownershipTags(other, `${ID}-2`)],
    ['foreign', { ...tags, 'iot-environment': 'main' }],
    ['foreign', ownershipTags({ ...ownership, repositoryId: '4712' }, ID)],
    ['foreign', { 'managed-by': 'provision-azure-iot' }],
    ['shared', { ...tags, 'managed-by': 'terraform' }],
    ['shared', {}],
    ['shared', undefined]
  ])('is %s for %j', (owner, found) => {
    expect(ownerOf({ id: ID, tags: found }, ownership)).toBe(owner)
  })

  it('does not mind how Azure writes an id', () => {
    expect(ownerOf({ id: ID.toUpperCase(), tags }, ownership)).toBe('ours')
  })

  it('always knows its own again, and nothing else', () => {
    const text = fc.string({ unit: anyCharacter, maxLength: 300 })
    const any = fc.record({
      host: fc.domain(),
      repository: text,
      repositoryId: text,
      environment: text,
      branch: fc.constant('as recorded' as const)
    })
    fc.assert(
      fc.property(any, (own) => {
        const made = ownershipTags(own, ID)
        expect(ownerOf({ id: ID, tags: made }, own)).toBe('ours')
        expect(ownerOf({ id: `${ID}x`, tags: made }, own)).toBe('unproven')
        expect(ownerOf({ id: ID, tags: made }, { ...own, host: `${own.host}x` })).toBe('unproven')
      })
    )
  })
})

describe('an end', () => {
  it.each([
    '7',
    '1',
    'JIRA-12',
    'soon 5',
    '01.02.2020',
    '',
    '2020-02-31T00:00:00Z',
    '2020-01-01',
    '2020-01-01T24:30:00Z',
    '2020-13-01T00:00:00Z'
  ])('is not read into %j', (text) => {
    expect(instant(text)).toBeUndefined()
    expect(lifetimeOf({ id: ID, tags: { 'iot-expires': text } }).expires).toEqual({
      text,
      at: undefined
    })
  })

  it.each([
    ['2026-11-24T21:00:00.000Z', Date.UTC(2026, 10, 24, 21)],
    ['2026-11-24T22:00:00+01:00', Date.UTC(2026, 10, 24, 21)],
    ['2026-11-24T22:00+0100', Date.UTC(2026, 10, 24, 21)],
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)]
  ])('is read from %s', (text, at) => {
    expect(instant(text)).toBe(at)
  })

  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (at) => {
        expect(lifetimeOf({ id: ID, tags: lifetimeTags(at, 'b') })).toEqual({
          expires: { text: new Date(at).toISOString(), at },
          branch: 'b'
        })
      })
    )
  })
})
