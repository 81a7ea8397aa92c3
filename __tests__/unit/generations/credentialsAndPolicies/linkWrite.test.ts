import { describe, expect, test } from '@jest/globals'
import type { LinkFacts } from '../../../../src/generations/credentialsAndPolicies/link.ts'
import { ALONE, refused, signal } from '../../resources/sample.ts'
import { facts, HOST, OTHER, type World, worldOf } from './linkSample.ts'

describe('the list of linked hubs', () => {
  const ENTRY = {
    connectionString: `HostName=${HOST};SharedAccessKeyName=iothubowner;SharedAccessKey=key`,
    location: 'westeurope'
  }
  const LINK = { name: HOST, allocationWeight: 1 }
  const create = { action: 'create' } as const
  const change = { action: 'change', changes: [] } as const
  const WEIGHED = { allocationWeight: 2, applyAllocationPolicy: true }

  test.each<[string, World, Partial<LinkFacts>, typeof create | typeof change, readonly unknown[]]>(
    [
      ['gets the hub', { linked: [OTHER] }, { linked: false }, create, [[OTHER, ENTRY]]],
      [
        'gets the hub with its weight',
        { spec: { allocationWeight: 2 } },
        { linked: false },
        create,
        [[{ ...ENTRY, ...WEIGHED }]]
      ],
      [
        'gets the hub without a region',
        { location: '' },
        { linked: false },
        create,
        [[{ connectionString: ENTRY.connectionString }]]
      ],
      [
        'stays when somebody was faster',
        { linked: [LINK] },
        { linked: false },
        create,
        [undefined]
      ],
      [
        'loses the dead link first',
        { linked: [OTHER, LINK] },
        { hubExists: false },
        create,
        [[OTHER], [OTHER, ENTRY]]
      ],
      [
        'is not without what is gone already',
        { linked: [OTHER] },
        { hubExists: false },
        create,
        [undefined, [OTHER, ENTRY]]
      ],
      ['keeps a link that works', { linked: [LINK] }, {}, create, [undefined]],
      [
        'gets another weight',
        { linked: [OTHER, LINK], spec: { allocationWeight: 2 } },
        {},
        change,
        [[OTHER, { ...LINK, ...WEIGHED }]]
      ],
      [
        'stays where the weight is right',
        { linked: [{ ...LINK, ...WEIGHED }], spec: { allocationWeight: 2 } },
        {},
        change,
        [undefined]
      ],
      [
        'stays where the hub is not linked',
        { linked: [OTHER], spec: { allocationWeight: 2 } },
        {},
        change,
        [undefined]
      ],
      [
        'waits for a key that is not there yet',
        { keys: [refused(404, 'x'), '', 'key'] },
        { linked: false },
        create,
        [[ENTRY]]
      ]
    ]
  )('%s', async (_what, world, found, verdict, lists) => {
    const { step, see, lists: seen } = worldOf(world)
    const task = { verdict, facts: facts(found), see, signal, ...ALONE, progress: () => {} }
    await step.apply(task)
    expect(seen).toEqual(lists)
  })

  test.each<[string, Error, string]>([
    ['is refused', refused(403, 'Denied'), 'Azure said Denied'],
    ['cannot be asked for', new Error('broken'), 'broken']
  ])('stays when the key %s', async (_what, failure, text) => {
    const { step, see } = worldOf({ keys: [failure] })
    const task = {
      verdict: create,
      facts: facts({ linked: false }),
      see,
      signal,
      ...ALONE,
      progress: () => {}
    }
    await expect(step.apply(task)).rejects.toThrow(text)
  })
})
