import { describe, expect, test } from '@jest/globals'
import type { LinkFacts } from '../../../../src/generations/credentialsAndPolicies/link.ts'
import type { HubSpec } from '../../../../src/settings/settings.ts'
import { DPS, HUB, seeing, signal, takeDown } from '../../resources/sample.ts'
import { facts, HOST, OTHER, type World, worldOf } from './linkSample.ts'

describe('the link of a hub', () => {
  const WEIGHT = [{ property: 'allocationWeight', before: 1, after: 2 }]
  test.each<[string, LinkFacts, Partial<HubSpec>, object, boolean]>([
    ['that is there is kept', facts(), {}, { action: 'keep' }, true],
    ['that is missing is made', facts({ linked: false }), {}, { action: 'create' }, false],
    [
      'of a hub that is to be made is made',
      facts({ hubExists: false }),
      {},
      { action: 'create' },
      false
    ],
    [
      'of another weight is changed',
      facts({ weight: 1 }),
      { allocationWeight: 2 },
      { action: 'change', changes: WEIGHT },
      true
    ],
    [
      'of that weight is kept',
      facts({ weight: 2 }),
      { allocationWeight: 2 },
      { action: 'keep' },
      true
    ],
    [
      'of any weight is kept where none is wanted',
      facts({ weight: 1 }),
      {},
      { action: 'keep' },
      true
    ]
  ])('%s', (_what, found, spec, verdict, serves) => {
    const { step } = worldOf({ spec })
    expect(step.judge(found, seeing())).toEqual(verdict)
    expect(step.unmetRequirement(found) === undefined).toBe(serves)
  })

  test.each<[string, LinkFacts, readonly boolean[]]>([
    ['is none while there is no hub', facts({ hubExists: false }), []],
    ['holds', facts(), [true]],
    ['does not hold', facts({ linked: false }), [false]]
  ])('its check %s', (_what, found, holds) => {
    expect(
      worldOf()
        .step.checks?.(found, seeing())
        .map((check) => check.holds)
    ).toEqual(holds)
  })

  test.each<[string, LinkFacts, string | undefined, string | undefined]>([
    ['that is not there is none', facts({ linked: false }), HUB, undefined],
    ['comes with the hub', facts(), HUB, 'remove'],
    ['comes with the DPS', facts(), DPS, 'remove'],
    [
      'comes when the hub is gone for certain',
      facts({ hubExists: false, dead: true }),
      undefined,
      'remove'
    ],
    ['does not come while both stay', facts(), undefined, 'both the hub and the DPS stay'],
    [
      'does not come while the hub may be another’s',
      facts({ hubExists: false }),
      undefined,
      'the hub is not there'
    ]
  ])('its end %s', (_what, found, gone, wanted) => {
    const verdict = worldOf().step.teardown?.judge(found, seeing(), (one) => one === gone)
    const text = verdict?.action === 'leave' ? verdict.reason : verdict?.action
    if (wanted === undefined) expect(text).toBeUndefined()
    else expect(text).toContain(wanted)
  })

  const link = { name: HOST.toUpperCase(), allocationWeight: 3 }
  test.each<[string, World, Partial<LinkFacts>]>([
    [
      'is found among others by its host',
      { linked: [OTHER, {}, link] },
      { linked: true, weight: 3, dead: false }
    ],
    ['is not that of another', { linked: [OTHER] }, { linked: false, weight: undefined }],
    [
      'of a hub that is gone is dead in a teardown',
      { linked: [link], hub: false, purpose: takeDown() },
      { linked: true, hubExists: false, dead: true }
    ],
    [
      'of a hub that is gone is asked for in no other run',
      { linked: [link], hub: false, taken: 'x' },
      { dead: false }
    ],
    [
      'of a hub that is there is not dead',
      { linked: [link], purpose: takeDown() },
      { dead: false }
    ],
    [
      'that is not there is not dead',
      { hub: false, purpose: takeDown() },
      { linked: false, dead: false }
    ],
    [
      'of a name that was given may be anybody’s',
      { linked: [link], hub: false, purpose: takeDown(), spec: { given: true } },
      { dead: false }
    ],
    [
      'of a name that is taken is not dead',
      { linked: [link], hub: false, purpose: takeDown(), taken: 'x' },
      { dead: false }
    ],
    [
      'of a name that Azure does not tell of is not dead',
      { linked: [link], hub: false, purpose: takeDown(), taken: 'unknown' },
      { dead: false }
    ]
  ])('%s', async (_what, world, found) => {
    const { step, see } = worldOf(world)
    expect(await step.observe(see, signal)).toMatchObject(found)
  })
})

describe('a link that outlived its hub', () => {
  const link = { name: HOST }
  const free = { resourceGroupMissing: false, nameFree: true }
  test.each<[string, World, boolean]>([
    ['is stale', { linked: [link], hub: false, absence: free }, true],
    ['is none where it is not linked', { linked: [OTHER], hub: false, absence: free }, false],
    ['is none where the hub is there', { linked: [link], absence: free }, false],
    [
      'is none where the name may be taken',
      { linked: [link], hub: false, absence: { ...free, nameFree: false } },
      false
    ],
    ['is none where nothing was asked', { linked: [link], hub: false }, false]
  ])('%s', async (_what, world, stale) => {
    const { stale: step, see } = worldOf(world)
    const found = await step.observe(see, signal)
    expect(found).toEqual({ stale })
    expect(step.judge(found, see).action).toBe(stale ? 'act' : 'keep')
    expect(step.unmetRequirement(found) === undefined).toBe(!stale)
  })
})

test.each([
  ['has no other writer while this run makes it', false, true],
  ['may be known to others', true, false]
])('the list of a DPS whose name is derived or given %s', (_what, named, settled) => {
  const { step, dps } = worldOf({ named })
  expect(step.settledBy === dps).toBe(settled)
})
