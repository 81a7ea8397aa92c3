import { expect, test } from '@jest/globals'
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
}

async function run({ looks, writes, send = false }: Case) {
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
    { signal, ...ALONE, progress: (text) => void waits.push(text) }
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
