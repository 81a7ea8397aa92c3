import { describe, expect, test } from '@jest/globals'
import {
  differs,
  locationDiffers,
  missingLocation,
  sameLocation
} from '../../../src/resources/differences.ts'
import { HUB, tracked } from './sample.ts'

describe('regions', () => {
  test.each([
    ['East US', 'eastus', true],
    ['westeurope', 'WestEurope', true],
    ['westeurope', 'northeurope', false],
    [undefined, 'westeurope', false],
    [undefined, undefined, true]
  ])('%s and %s are the same: %s', (a, b, same) => {
    expect(sameLocation(a, b)).toBe(same)
  })

  test.each([
    ['none is wanted', 'westeurope', undefined, []],
    ['it is where it is wanted', 'West Europe', 'westeurope', []],
    [
      'it is elsewhere',
      'eastus',
      'westeurope',
      [{ property: 'location', before: 'eastus', after: 'westeurope' }]
    ]
  ])('differ or not when %s', (_when, location, wanted, changes) => {
    expect(locationDiffers(tracked('ours', HUB, { location }), wanted)).toEqual(changes)
  })

  test.each([
    ['given', 'westeurope', undefined],
    ['missing', undefined, 'cannot']
  ])('are no obstacle unless missing: %s', (_which, location, action) => {
    expect(missingLocation('IoT hub', HUB, 'hub-location', location)?.action).toBe(action)
  })
})

test.each([
  ['equal values are none', 1, 1, undefined, 0],
  ['other values are one', 1, 2, undefined, 1],
  ['the caller may know better that they are the same', 'A', 'a', true, 0],
  ['the caller may know better that they are not', 'a', 'a', false, 1]
])('differences: %s', (_what, before, after, same, count) => {
  expect(differs('p', before, after, same)).toHaveLength(count)
})
