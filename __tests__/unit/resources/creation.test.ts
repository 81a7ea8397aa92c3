import { expect, test } from '@jest/globals'
import { GivenUp } from '../../../src/engine/step.ts'
import { create } from '../../../src/resources/creation.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import { ALONE, clockAt, HUB, refused, signal, toolsOf, tracked } from './sample.ts'

const OURS = tracked('ours', HUB, { etag: 'e' })
const FAILED = { ...OURS, properties: { provisioningState: 'Failed' } }
const THEIR_FAILED = { ...tracked('shared', HUB), properties: FAILED.properties }
const PENDING = refused(400, '400', 'IH400913: grants')
const BUSY = refused(409, 'OperationInProgress')
const RESET = Object.assign(new Error('reset'), { code: 'ECONNRESET' })

interface Case {
  /** What each look shows; the last for ever. */
  readonly looks: readonly (TrackedResource | undefined)[]
  /** What each write answers. */
  readonly writes: readonly (TrackedResource | Error)[]
  readonly send?: boolean
  /** Whether it started on what was only shown as finished, and whether that comes about. */
  readonly early?: boolean
}

async function run({ looks, writes, send = false, early }: Case) {
  const [seen, answers] = [[...looks], [...writes]]
  const sent: unknown[] = []
  const waits: string[] = []
  const write = (etag: unknown) => {
    sent.push(etag)
    const answer = answers.shift() ?? new Error('not to be written')
    if (answer instanceof Error) throw answer
    return answer
  }
  const tools = toolsOf(
    {},
    {
      get: () => (seen.length > 1 ? seen.shift() : seen[0]),
      put: (_id, { ifMatch }: { ifMatch?: string }) => write(ifMatch)
    }
  )
  const result = await create<TrackedResource>(
    { ...tools, azure: { ...tools.azure, time: clockAt() } },
    {
      id: HUB,
      kind: 'IoT hub',
      apiVersion: 'v',
      body: { location: undefined },
      ...(send && { send: async () => write('sent') })
    },
    {
      signal,
      ...ALONE,
      ...(early !== undefined && {
        shownEnds: () => (early ? Promise.resolve() : Promise.reject(new GivenUp('it failed')))
      }),
      progress: (text) => void waits.push(text)
    }
  ).then(
    (made) => (made === undefined ? 'met' : 'made'),
    (error: Error) => error.message.split('\n')[1] ?? error.message
  )
  return { result, sent: sent.length, etags: sent, waits }
}

const ANSWER = 'Azure to answer again'
const GRANTS = 'the Device Registry grants of the identity to take effect'

test.each<[string, Case, string, readonly unknown[], readonly string[]]>([
  ['is made where there is none', { looks: [undefined], writes: [OURS] }, 'made', [undefined], []],
  [
    'is made in its own way',
    { looks: [undefined], writes: [OURS], send: true },
    'made',
    ['sent'],
    []
  ],
  ['is met where it is there', { looks: [OURS], writes: [] }, 'met', [], []],
  ['of ours that failed is made again', { looks: [FAILED], writes: [OURS] }, 'made', ['e'], []],
  ['of somebody else’s that failed is met', { looks: [THEIR_FAILED], writes: [] }, 'met', [], []],
  [
    'is met after an answer was lost',
    { looks: [undefined, OURS], writes: [RESET] },
    'met',
    [undefined],
    []
  ],
  [
    'is met after a collision by 409',
    { looks: [undefined, OURS], writes: [refused(409, 'x')] },
    'met',
    [undefined],
    []
  ],
  [
    'is met after a collision by 412',
    { looks: [undefined, OURS], writes: [refused(412, 'x')] },
    'met',
    [undefined],
    []
  ],
  [
    'is tried again after an answer was lost',
    { looks: [undefined], writes: [RESET, OURS] },
    'made',
    [undefined, undefined],
    [ANSWER]
  ],
  [
    'is tried again while Azure is busy',
    { looks: [undefined], writes: [BUSY, OURS] },
    'made',
    [undefined, undefined],
    [ANSWER]
  ],
  [
    'is tried again while grants are pending',
    { looks: [undefined], writes: [PENDING, OURS] },
    'made',
    [undefined, undefined],
    [GRANTS]
  ],
  [
    'is not tried again after a collision that left nothing',
    { looks: [undefined], writes: [refused(409, 'Taken')] },
    'Azure said Taken',
    [undefined],
    []
  ],
  [
    'is not tried again after a refusal',
    { looks: [undefined, OURS], writes: [refused(403, 'Denied')] },
    'Azure said Denied',
    [undefined],
    []
  ]
])('a resource %s', async (_what, given, result, etags, waits) => {
  const seen = await run(given)
  expect(seen.result).toContain(result)
  expect([seen.etags, seen.waits]).toEqual([etags, waits])
})

const TAKEN = refused(409, 'Taken')
const BEFORE = 'Azure to end its work on what this stands on (it refused with Taken)'

test.each<[string, Error, string, number]>([
  ['is tried again after a refusal', TAKEN, 'made', 2],
  ['is tried again where Azure sees nothing yet', refused(404, 'Taken'), 'made', 2],
  ['is tried again where Azure finds it bad', refused(400, 'Taken'), 'made', 2],
  ['is tried again where Azure finds it changed', refused(412, 'Taken'), 'made', 2],
  ['is not tried again for want of rights', refused(403, 'Taken'), 'Azure said Taken', 1],
  ['is not tried again after a lock', refused(409, 'ScopeLocked'), 'Azure said ScopeLocked', 1],
  [
    'is not tried again after an operation that failed',
    refused(409, 'Taken', 'no', true),
    'Azure said Taken',
    1
  ],
  ['is not tried again after a failure of ours', new Error('x\nours'), 'ours', 1]
])('what started early %s', async (_what, refusal, result, times) => {
  const given = { looks: [undefined], writes: [refusal, OURS], early: true }
  const seen = await run(given)
  expect(seen.result).toContain(result)
  expect(seen.sent).toBe(times)
  expect(seen.waits).toEqual(times === 2 ? [BEFORE] : [])
})

test('what started early and was refused twice tells the refusal', async () => {
  const seen = await run({ looks: [undefined], writes: [TAKEN, TAKEN, OURS], early: true })
  expect([seen.result, seen.sent]).toEqual([expect.stringContaining('Taken'), 2])
})

test('what started early waits for grants once', async () => {
  const writes = Array.from({ length: 60 }, () => PENDING)
  const seen = await run({ looks: [undefined], writes, early: true })
  expect(new Set(seen.waits)).toEqual(new Set([GRANTS]))
  expect(seen.sent).toBeLessThan(30)
})

test('what started early and was refused is given up with what it stands on', async () => {
  const seen = await run({ looks: [undefined], writes: [TAKEN, OURS], early: false })
  expect([seen.result, seen.sent]).toEqual(['it failed', 1])
})

test.each<[string, unknown, readonly unknown[]]>([
  ['is told with what Azure shows of it', OURS, [{ resource: OURS }]],
  ['is not told where that has no id', { name: 'hub1' }, []],
  ['is not told where there is nothing', undefined, []]
])('that Azure has accepted it %s', async (_what, body, told) => {
  const begun: unknown[] = []
  const put = (_id: string, { accepted }: { accepted: (body: unknown) => void }) => {
    accepted(body)
    return OURS
  }
  await create<TrackedResource>(
    toolsOf({}, { get: () => undefined, put }),
    { id: HUB, kind: 'IoT hub', apiVersion: 'v', body: { location: undefined } },
    { signal, ...ALONE, begun: (facts) => void begun.push(facts), progress: () => {} }
  )
  expect(begun).toEqual(told)
})
