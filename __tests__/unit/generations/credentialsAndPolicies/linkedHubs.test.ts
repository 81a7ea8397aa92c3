import { expect, test } from '@jest/globals'
import { LinkedHubs } from '../../../../src/generations/credentialsAndPolicies/linkedHubs.ts'
import type { Dps, LinkedHub } from '../../../../src/resources/model.ts'
import { clockAt, DPS, IDENTITY, refused, signal, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'

const A: LinkedHub = { name: 'a.x', connectionString: 'HostName=a.x' }
const B: LinkedHub = { name: 'b.x', connectionString: 'HostName=b.x' }
const NAMED = { deviceRegistryNamespace: { resourceId: '/ns' } }

const dps = (more: Partial<Dps> = {}): Dps =>
  tracked<Dps>('ours', DPS, {
    etag: 'e',
    sku: { name: 'S1', capacity: 1 },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [IDENTITY]: { principalId: 'p' } }
    },
    ...more,
    properties: { idScope: 'x', state: 'Active', ...NAMED, iotHubs: [A], ...more.properties }
  })

interface World {
  readonly now: Dps | undefined
  /** What the first looks show instead. */
  readonly before?: readonly Dps[]
  /** How each write ends, before it takes effect. */
  readonly failures?: readonly (Error | undefined)[]
}

function queueOf({ now: first, before = [], failures = [] }: World) {
  let now = first
  const earlier = [...before]
  const [ends, bodies, waits]: [(Error | undefined)[], Dps[], string[]] = [[...failures], [], []]
  const time = clockAt()
  const answers = {
    get: () => earlier.shift() ?? now,
    put: (_id: string, { body, ifMatch }: { body: Dps; ifMatch?: string }) => {
      bodies.push({ ...body, ...(ifMatch !== undefined && { etag: ifMatch }) })
      const failure = ends.shift()
      if (failure) throw failure
      const named = body.properties?.iotHubs?.map((hub) => ({
        ...hub,
        name: hub.connectionString?.slice('HostName='.length) ?? ''
      }))
      now = {
        ...body,
        id: DPS,
        name: 'dps1',
        etag: 'f',
        properties: { ...body.properties, iotHubs: named ?? [] }
      }
      return now
    }
  }
  const azure = azureOf(answers, { time })
  const queue = LinkedHubs.of(azure, target(DPS))
  return {
    queue,
    azure,
    slept: time.slept,
    bodies,
    waits,
    progress: (text: string) => void waits.push(text)
  }
}

const add = (present: readonly LinkedHub[]) =>
  present.some(({ name }) => name === 'b.x') ? undefined : [...present, B]

test('an edit writes the DPS as a whole, but for what Azure computes', async () => {
  const { queue, bodies, progress } = queueOf({ now: dps({ tags: { a: '1' } }) })
  const after = await queue.edit(add, progress, signal)
  expect(bodies).toEqual([
    {
      location: 'westeurope',
      tags: { a: '1' },
      sku: { name: 'S1', capacity: 1 },
      identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
      properties: { ...NAMED, iotHubs: [A, B].map(({ name: _name, ...hub }) => hub) },
      etag: 'e'
    }
  ])
  expect(after?.properties?.iotHubs?.map(({ name }) => name)).toEqual(['a.x', 'b.x'])
})

test.each<[string, Dps | undefined, number]>([
  ['has nothing to change', dps({ properties: { iotHubs: [B] } }), 0],
  ['has no DPS', undefined, 0],
  ['finds no list', dps({ properties: { iotHubs: undefined as never } }), 1]
])('an edit that %s writes so often: %#', async (_what, now, writes) => {
  const { queue, bodies, progress } = queueOf({ now })
  await queue.edit(add, progress, signal)
  expect(bodies).toHaveLength(writes)
})

test('a DPS without an etag is written without one', async () => {
  const { etag: _etag, ...now } = dps()
  const { queue, bodies, progress } = queueOf({ now })
  await queue.edit(add, progress, signal)
  expect(bodies[0]).not.toHaveProperty('etag')
})

test.each<[string, Partial<Dps>, string | undefined, object | undefined]>([
  ['beside those that it has', {}, 'UserAssigned', { [IDENTITY]: {}, '/new': {} }],
  [
    'beside its own',
    { identity: { type: 'systemassigned' } },
    'SystemAssigned, UserAssigned',
    { '/new': {} }
  ],
  ['as its first', { identity: undefined as never }, 'UserAssigned', { '/new': {} }]
])(
  'a DPS without a namespace is joined to one by an identity %s',
  async (_how, more, type, ids) => {
    const now = dps({ ...more, properties: { deviceRegistryNamespace: undefined as never } })
    const { queue, bodies, progress } = queueOf({ now })
    const join = { identityId: '/new', properties: NAMED }
    await queue.join(join, progress, signal)
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject({
      identity: { type, userAssignedIdentities: ids },
      properties: NAMED
    })
    await queue.join(join, progress, signal)
    expect(bodies).toHaveLength(1)
  }
)

test('what is asked for together is written together, a join with its list', async () => {
  const now = dps({ properties: { deviceRegistryNamespace: undefined as never } })
  const { queue, bodies, progress } = queueOf({ now })
  await Promise.all([
    queue.edit(add, progress, signal),
    queue.join({ identityId: '/new', properties: NAMED }, progress, signal)
  ])
  expect(bodies).toHaveLength(1)
  expect(bodies[0]?.properties).toMatchObject({ ...NAMED, iotHubs: [{}, {}] })
})

const BUSY = 'another change of the Device Provisioning Service to finish'
test.each<[string, Error, string | undefined]>([
  ['409', refused(409, 'Busy'), BUSY],
  ['412', refused(412, 'Changed'), BUSY],
  ['a link that is gone', refused(400, 'Bad', 'the hub is Not Linked'), BUSY],
  [
    'a grant that is not in effect',
    refused(400, 'Bad', 'IH400913: no'),
    'the Device Registry grants of the identity to take effect'
  ],
  ['an answer that was lost', refused(500, 'Broken'), 'Azure to answer again'],
  ['another 400', refused(400, 'Bad'), undefined],
  ['a refusal that says not linked', refused(403, 'Bad', 'not linked'), undefined],
  ['a lock', refused(409, 'ScopeLocked'), undefined],
  ['a failure of ours', new Error('not linked'), undefined]
])('after %s the list is read and written again, or not', async (_what, failure, waits) => {
  const world = queueOf({ now: dps(), failures: [failure] })
  const edit = world.queue.edit(add, world.progress, signal)
  if (waits === undefined) await expect(edit).rejects.toBe(failure)
  else await edit
  expect(world.waits).toEqual(waits === undefined ? [] : [waits])
  expect(world.bodies).toHaveLength(waits === undefined ? 1 : 2)
})

const waitedIn = ({ slept }: { slept: readonly number[] }) => slept.reduce((sum, ms) => sum + ms, 0)

const changing = dps({ properties: { provisioningState: 'Accepted' } })

test('nothing is written while another change is under way, nor from what was seen of it', async () => {
  const world = queueOf({ now: dps({ etag: 'later' }), before: [changing, changing] })
  await world.queue.edit(add, world.progress, signal)
  expect(world.waits).toEqual([BUSY, BUSY])
  expect(world.bodies).toMatchObject([{ etag: 'later' }])
})

test('what tells of a change for more than a minute is written all the same', async () => {
  const world = queueOf({ now: changing })
  await world.queue.edit(add, world.progress, signal)
  expect(world.bodies).toHaveLength(1)
  expect(waitedIn(world)).toBeGreaterThan(20_000)
  expect(waitedIn(world)).toBeLessThan(90_000)
})

test('changes of others that follow each other are waited for', async () => {
  const before = Array.from({ length: 100 }, (_, look) => ({
    ...changing,
    etag: `change ${Math.floor(look / 10)}`
  }))
  const world = queueOf({ now: dps({ etag: 'later' }), before })
  await world.queue.edit(add, world.progress, signal)
  expect(world.bodies).toMatchObject([{ etag: 'later' }])
})

test.each<[string, (look: number) => Partial<Dps>, number, number]>([
  ['always another change', (look) => ({ etag: `${look}` }), 480_000, 600_000],
  ['two changes by turns', (look) => ({ etag: `${look % 2}` }), 40_000, 210_000],
  ['no etag', () => ({ etag: undefined as never }), 40_000, 210_000],
  [
    'an etag now and then',
    (look) => (look % 3 ? { etag: undefined as never } : {}),
    40_000,
    210_000
  ]
])(
  'a DPS that shows %s is written after a while, and not just once',
  async (_what, show, least, most) => {
    const before = Array.from({ length: 1_000 }, (_, look) => ({ ...changing, ...show(look) }))
    const world = queueOf({ now: dps(), before, failures: [refused(412, 'Changed')] })
    await world.queue.edit(add, world.progress, signal)
    expect(world.bodies).toHaveLength(2)
    expect(waitedIn(world)).toBeGreaterThanOrEqual(least)
    expect(waitedIn(world)).toBeLessThan(most)
  }
)

test('others are in the way for ten minutes at most, each time for another while', async () => {
  const failure = refused(409, 'Busy')
  const world = queueOf({ now: changing, failures: Array.from({ length: 40 }, () => failure) })
  await expect(world.queue.edit(add, world.progress, signal)).rejects.toBe(failure)
  const { slept } = world
  expect(waitedIn(world)).toBeLessThan(12 * 60_000)
  expect(new Set(slept).size).toBeGreaterThan(2)
})

test('a DPS has one queue, whatever the case of its id', () => {
  const { azure, queue } = queueOf({ now: dps() })
  expect(LinkedHubs.of(azure, target(DPS.toUpperCase()))).toBe(queue)
  expect(LinkedHubs.of(azure, target(`${DPS}2`))).not.toBe(queue)
})
