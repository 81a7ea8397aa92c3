import { expect, test } from '@jest/globals'
import { untilUsable } from '../../../src/resources/completion.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { clockAt, HUB, signal, toolsOf, tracked } from './sample.ts'

type Named = TrackedResource & { readonly host?: string }

const hub = (more: Partial<Named> = {}, owner: Owner = 'ours') => tracked<Named>(owner, HUB, more)
const WORKING = { properties: { state: 'Activating' } }
const STUCK = { properties: { state: 'Suspended' } }

interface Case {
  readonly made?: Named
  readonly found: readonly (Named | undefined)[]
  readonly creating?: boolean
}

async function run({ made, found, creating = true }: Case) {
  const time = clockAt()
  const waits: string[] = []
  const looks = [...found]
  const tools = toolsOf({ azure: { ...toolsOf().azure, time } })
  const usable = untilUsable<Named>(
    tools,
    {
      id: HUB,
      kind: 'IoT hub',
      made,
      find: async () => (looks.length > 1 ? looks.shift() : looks[0]),
      late: ({ host }) => (host === undefined ? 'its host name' : undefined)
    },
    { creating, signal, progress: (text) => void waits.push(text) }
  )
  const result = await usable.then(
    (one) => one?.host ?? '(none)',
    (error: Error) => error.message
  )
  return { result, waits: [...new Set(waits)], times: waits.length }
}

test.each<[string, Case, string, readonly string[], number]>([
  [
    'is of use at once when Azure’s answer tells all',
    { made: hub({ host: 'h' }), found: [] },
    'h',
    [],
    0
  ],
  ['is looked at where there is no answer', { found: [hub({ host: 'h' })] }, 'h', [], 0],
  [
    'is waited for while Azure is at work',
    { found: [hub(WORKING), hub({ host: 'h' })] },
    'h',
    ['Azure to have it ready (its state is Activating)'],
    1
  ],
  [
    'is waited for without bound while Azure is at work',
    { found: [...Array(40).fill(hub(WORKING)), hub({ host: 'h' })] },
    'h',
    ['Azure to have it ready (its state is Activating)'],
    40
  ],
  [
    'is waited for until it shows',
    { found: [undefined, hub({ host: 'h' })] },
    'h',
    ['it to become visible'],
    1
  ],
  [
    'is left to the next step when it never shows',
    { found: [undefined] },
    '(none)',
    ['it to become visible'],
    12
  ],
  [
    'is waited for until all is told',
    { found: [hub(), hub({ host: 'h' })] },
    'h',
    ['Azure to tell its host name'],
    1
  ],
  [
    'is not of use when Azure never tells',
    { found: [hub()] },
    'Azure has not told its host name',
    ['Azure to tell its host name'],
    12
  ],
  [
    'is not of use when Azure gave up',
    { found: [hub(STUCK)] },
    'Azure has not finished IoT hub',
    [],
    0
  ],
  [
    'is somebody else’s when it was made meanwhile',
    { found: [hub({ host: 'h' }, 'shared')] },
    'was made by somebody else',
    [],
    0
  ],
  [
    'may be anybody’s when it was there before',
    { found: [hub({ host: 'h' }, 'shared')], creating: false },
    'h',
    [],
    0
  ]
])('a resource %s', async (_what, given, result, waits, times) => {
  const seen = await run(given)
  expect(seen.result).toContain(result)
  expect([seen.waits, seen.times]).toEqual([waits, times])
})
