import { expect, test } from '@jest/globals'
import { Family } from '../../../src/resources/family.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { DPS, GROUP, HUB, target } from './sample.ts'

test.each<[string, [string, Owner][], { given?: boolean; byId?: boolean }, boolean]>([
  ['none of the others is ours', [[DPS, 'shared']], {}, false],
  ['others are ours, and its name is derived', [[DPS, 'ours']], {}, true],
  ['its name is given, and its group is not ours', [[DPS, 'ours']], { given: true }, false],
  ['its name is given, and its group is ours', [[GROUP, 'ours']], { given: true }, true],
  ['it is given by its id', [[GROUP, 'ours']], { given: true, byId: true }, false]
])('a resource without tags, when %s', (_when, seen, given, lost) => {
  const family = new Family()
  for (const [id, owner] of seen) family.saw(id.toUpperCase(), owner)
  expect(family.hasLost(target(HUB, given), GROUP)).toBe(lost)
})
