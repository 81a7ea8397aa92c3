import { describe, expect, test } from '@jest/globals'
import type { Unmanaged } from '../../../src/engine/step.ts'
import { removeResource, untilGone } from '../../../src/resources/removal.ts'
import { clockAt, HUB, refused, signal, toolsOf, tracked } from './sample.ts'

const OURS = tracked('ours', HUB)
const LEAVING = { ...OURS, properties: { provisioningState: 'Deleting' } }
const POLICY: Unmanaged = { kind: 'Policy', resource: '/p' }

interface Case {
  readonly looks: readonly (typeof OURS | undefined)[]
  readonly deletions?: readonly (Error | undefined)[]
  readonly arrived?: readonly (readonly Unmanaged[])[]
  readonly settlesInMs?: number
}

async function run({ looks, deletions = [], arrived, settlesInMs }: Case) {
  const [seen, answers, contents] = [[...looks], [...deletions], [...(arrived ?? [])]]
  const time = clockAt()
  let deleted = 0
  const tools = toolsOf(
    {},
    {
      get: () => (seen.length > 1 ? seen.shift() : seen[0]),
      delete: async (_id, { before }: { before: () => Promise<void> }) => {
        await before()
        deleted += 1
        const failure = answers.shift()
        if (failure) throw failure
      }
    }
  )
  const result = await removeResource(
    { ...tools, azure: { ...tools.azure, time } },
    {
      id: HUB,
      kind: 'IoT hub',
      apiVersion: 'v',
      ...(arrived && { arrived: async () => contents.shift() ?? [] }),
      ...(settlesInMs !== undefined && { settlesInMs })
    },
    () => {},
    signal
  ).then(
    (stays) => stays?.reason ?? 'gone',
    (error: Error) => error.message.split('\n')[1] ?? error.message
  )
  return { result, deleted, slept: time.slept }
}

test.each<[string, Case, string, number, readonly number[]]>([
  ['is gone already', { looks: [undefined] }, 'gone', 0, []],
  ['is deleted, and waited for', { looks: [OURS, OURS, OURS, undefined] }, 'gone', 1, [5_000]],
  ['is going already', { looks: [LEAVING, LEAVING, undefined] }, 'gone', 0, [5_000]],
  [
    'stays when it has become somebody else’s',
    { looks: [OURS, tracked('shared', HUB)] },
    'shared: it does not carry',
    0,
    []
  ],
  ['goes although it vanished between two looks', { looks: [OURS, undefined] }, 'gone', 1, []],
  [
    'stays when something arrived',
    { looks: [OURS], arrived: [[POLICY]] },
    'Policy /p is in it or uses it',
    0,
    []
  ],
  [
    'is looked into when lists no longer lag',
    { looks: [OURS, OURS, undefined], arrived: [[]], settlesInMs: 7 },
    'gone',
    1,
    [7]
  ],
  [
    'is looked into at once where lists do not lag any more',
    { looks: [OURS, OURS, undefined], arrived: [[]], settlesInMs: -7 },
    'gone',
    1,
    []
  ],
  [
    'stays when something arrived while lists lagged',
    { looks: [OURS], arrived: [[POLICY]], settlesInMs: 7 },
    'Policy /p',
    0,
    [7]
  ],
  [
    'is deleted again while others work on it',
    { looks: [OURS, OURS, OURS, undefined], deletions: [refused(409, 'Busy')] },
    'gone',
    2,
    [10_000]
  ],
  [
    'is not deleted again under a lock',
    { looks: [OURS], deletions: [refused(409, 'ScopeLocked')] },
    'Azure said ScopeLocked',
    1,
    []
  ],
  [
    'is not deleted again after a refusal',
    { looks: [OURS], deletions: [refused(403, 'Denied')] },
    'Azure said Denied',
    1,
    []
  ],
  [
    'is not deleted again after a failure of ours',
    { looks: [OURS], deletions: [new Error('broken')] },
    'broken',
    1,
    []
  ]
])('a resource %s', async (_what, given, result, deleted, slept) => {
  const seen = await run(given)
  expect(seen.result).toContain(result)
  expect([seen.deleted, seen.slept]).toEqual([deleted, slept])
})

test('what is going is waited for, and told so', async () => {
  const waits: string[] = []
  const looks = [OURS, undefined]
  const rest = { progress: (text: string) => void waits.push(text), time: clockAt(), signal }
  await untilGone(async () => looks.shift(), 'Azure', rest)
  expect(waits).toEqual(['Azure'])
})

describe('while Azure deletes it', () => {
  interface Accepted {
    readonly accepted: () => void
    readonly signal: AbortSignal
  }

  /** Deletes what is seen so, the last for ever; an error is what a look fails with. @param goesOn what the operation does */
  async function removing(
    looks: readonly (typeof OURS | Error | undefined)[],
    goesOn: (task: Accepted) => Promise<void>,
    ofRun = signal
  ) {
    const seen = [...looks]
    const time = clockAt()
    const waits: string[] = []
    const get = () => {
      const found = seen.length > 1 ? seen.shift() : seen[0]
      if (found instanceof Error) throw found
      return found
    }
    const remove = async (_id: string, task: Accepted) => {
      task.accepted()
      await goesOn(task)
    }
    const tools = toolsOf({}, { get, delete: remove })
    const result = await removeResource(
      { ...tools, azure: { ...tools.azure, time } },
      { id: HUB, kind: 'IoT hub', apiVersion: 'v' },
      (text) => void waits.push(text),
      ofRun
    ).then(
      () => 'gone',
      (error: Error) => error.message
    )
    return { result, slept: time.slept, waits }
  }

  const never = ({ signal: ended }: Accepted) =>
    new Promise<void>((_, reject) => {
      if (ended.aborted) reject(ended.reason)
      ended.addEventListener('abort', () => reject(ended.reason))
    })
  const soon = () => new Promise<void>((resolve) => setImmediate(resolve))

  test('it is gone when a look shows it, whatever the operation says', async () => {
    expect(await removing([OURS, OURS, OURS, undefined], never)).toMatchObject({
      result: 'gone',
      slept: [5_000, 5_000, 5_000]
    })
  })

  test('it is deleted again when it shows again at once', async () => {
    expect(await removing([OURS, undefined, OURS, undefined], never)).toMatchObject({
      result: 'gone',
      slept: [5_000, 10_000, 5_000],
      waits: ['Azure to show it as gone for good']
    })
  })

  test('others that work on it are told', async () => {
    const answers = [refused(409, 'Busy')]
    const once = async () => {
      const refusal = answers.shift()
      if (refusal) throw refusal
    }
    const { waits } = await removing([OURS, undefined], once)
    expect(waits).toEqual(['other operations on it, or on what uses it, to end'])
  })

  test('it is told that it shows again and again', async () => {
    const looks = [OURS, ...Array.from({ length: 60 }, () => [undefined, OURS]).flat()]
    expect((await removing(looks, never)).result).toContain(
      `IoT hub ${HUB} was gone, and Azure shows it again and again`
    )
  })

  test('the end of the run ends it', async () => {
    const run = new AbortController()
    const stop = async (task: Accepted) => {
      run.abort(new Error('cancelled'))
      return never(task)
    }
    expect((await removing([OURS], stop, run.signal)).result).toBe('cancelled')
  })

  test('a look that fails leaves it to the operation', async () => {
    const looks = [OURS, new Error('no right to look'), undefined]
    expect(await removing(looks, soon)).toMatchObject({ result: 'gone', slept: [5_000] })
  })

  test('an operation that fails is told', async () => {
    const fails = async () => {
      throw new Error('the operation failed')
    }
    expect((await removing([OURS], fails)).result).toBe('the operation failed')
  })
})
