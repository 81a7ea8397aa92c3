import { expect, test } from '@jest/globals'
import { AzureError } from '../../../src/azure/errors/azureError.ts'
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
  const time = clockAt()
  const shownEnd = early ? Promise.resolve() : Promise.reject(new GivenUp('it failed'))
  shownEnd.catch(() => {})
  const result = await create<TrackedResource>(
    { ...tools, azure: { ...tools.azure, time } },
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
      ...(early !== undefined && { shownEnd }),
      progress: (text) => void waits.push(text)
    }
  ).then(
    (made) => (made === undefined ? 'met' : 'made'),
    (error: Error) => error.message.split('\n')[1] ?? error.message
  )
  return { result, sent: sent.length, etags: sent, waits, slept: time.slept.filter((ms) => ms > 0) }
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
const BELOW = 'Azure to finish what it needs'
const LONG = new AzureError('do', '/thing', { status: 429, code: 'x', reason: 'no', wait: 'wait' })

test.each<[string, Error, boolean]>([
  ['a refusal', TAKEN, true],
  ['an answer that sees nothing yet', refused(404), true],
  ['an answer that finds it bad', refused(400), true],
  ['an answer that finds it changed', refused(412), true],
  ['being in the way of something', BUSY, true],
  ['pending grants', PENDING, true],
  ['an operation that failed for pending grants', refused(400, 'x', 'IH400913: no', true), true],
  ['pending grants, whatever the status', refused(403, 'x', 'IH400913: no'), true],
  ['an answer that was lost', RESET, true],
  ['a refusal for want of rights', refused(403, 'Taken'), false],
  ['a lock', refused(409, 'ScopeLocked'), false],
  ['an operation that failed', refused(409, 'Taken', 'no', true), false],
  ['a long wait that Azure asks for', LONG, false],
  ['a failure of ours', new Error('ours'), false]
])('what started early waits for what it needs after %s, or not', async (_what, failure, waits) => {
  const given = { looks: [undefined], writes: [failure, OURS], early: true }
  const seen = await run(given)
  expect([seen.result === 'made', seen.sent]).toEqual([waits, waits ? 2 : 1])
  const said = failure instanceof AzureError ? `, before which it said ${failure.code}` : ''
  expect(seen.waits).toEqual(waits ? [`${BELOW}${said}`] : [])
})

test.each<[string, Error, string]>([
  ['given up with it', TAKEN, 'it failed'],
  ['not known to be there when its answer was lost', RESET, 'reset']
])('what started early and has to wait for what fails is %s', async (_what, failure, result) => {
  const seen = await run({ looks: [undefined], writes: [failure, OURS], early: false })
  expect([seen.result, seen.sent]).toEqual([result, 1])
})

test('what started early is made as anything else once what it needs is there', async () => {
  const refusedTwice = await run({ looks: [undefined], writes: [TAKEN, TAKEN, OURS], early: true })
  expect([refusedTwice.result, refusedTwice.sent]).toEqual([expect.stringContaining('Taken'), 2])
  const pending = { looks: [undefined], writes: [PENDING, PENDING, OURS], early: true }
  expect(await run(pending)).toMatchObject({
    result: 'made',
    waits: [expect.stringContaining(BELOW), GRANTS]
  })
})

test('what started early is not tried again before Azure wants to be asked', async () => {
  const asking = { status: 409, code: 'x', reason: 'no', askedMs: 120_000 }
  const seen = await run({
    looks: [undefined],
    writes: [new AzureError('do', '/thing', asking), OURS],
    early: true
  })
  expect([seen.result, seen.slept]).toEqual(['made', [120_000]])
})

test('an operation that fails with a collision is no collision', async () => {
  const seen = await run({ looks: [undefined, OURS], writes: [refused(409, 'Taken', 'no', true)] })
  expect(seen.result).toContain('Taken')
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
