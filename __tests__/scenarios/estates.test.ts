import { beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Coming, Day, type Moment, type Work } from './day.ts'
import { type Built, buildAll, REPOSITORIES, SHAPES } from './estate.ts'
import { HAZARD_NAMES, type HazardName } from './hazards.ts'
import { MODELS, type Model } from './models.ts'
import { PATIENCE_MS, Pool } from './pool.ts'
import { IS_EXHAUSTIVE, seedsOf } from './sample.ts'

const pool = new Pool('instant')

/** Estates in all, so many that each hazard is met often enough, of which a sample has each hazard once; ESTATE=7,8 replays those with these seeds alone. */
const SEEDS = 450
const only = process.env.ESTATE?.split(',').map(Number)
/** How often each hazard has to stand beside a deletion for the property to mean something. */
const OFTEN = 20
/** Environments in one Azure. */
const MOST = 6

/** Less than the action waits between two lists of a group. */
const LIST_LAG_MS = 28_000

/** What may also come between two requests of a run. What is written by the run itself cannot be taken from it then. */
const SUDDEN: readonly HazardName[] = [
  'storage account',
  'enrollment group',
  'link',
  'joined hub',
  'policy',
  'registry device',
  'wiped'
]

/** Drawn more often: they have a place in few environments, or keep much from going. */
const SELDOM: readonly HazardName[] = [
  'storage account',
  'foreign',
  'joined hub',
  'older copy',
  'policy',
  'registry device',
  'wiped'
]

/** Where a hazard has a place; anywhere when absent. */
const PLACES: Readonly<Partial<Record<HazardName, readonly Built['shape'][]>>> = {
  'enrollment group': ['guest', 'platform'],
  link: ['guest', 'platform', 'whole'],
  'older copy': ['guest'],
  'joined hub': ['platform', 'whole', 'small'],
  policy: ['platform', 'whole', 'small'],
  'registry device': ['guest']
}

/** The model in which alone a hazard has a place. */
const MODEL_OF: Readonly<Partial<Record<HazardName, Model>>> = {
  link: '2025-11-01-preview',
  'older copy': '2025-11-01-preview',
  'registry device': '2026-11-01'
}

const often = (weight: number, value: boolean) => ({ weight, arbitrary: fc.constant(value) })
const rarely = fc.oneof(often(14, false), often(1, true))
const mostly = fc.oneof(often(5, true), often(1, false))

const moment = fc.oneof(
  fc.constant(undefined),
  fc.record<Moment>({ nth: fc.integer({ min: 1, max: 80 }) }),
  fc.record<Moment>({
    method: fc.constant('DELETE' as const),
    nth: fc.integer({ min: 1, max: 6 })
  })
)

/** The lists of a destroy: for its plan, before anything goes, and before the group goes, once for each attempt. */
const whileListed = fc.record<Moment>({
  lists: fc.constant(true as const),
  nth: fc.integer({ min: 1, max: 4 })
})

const day = fc.record({
  shapes: fc.tuple(
    ...REPOSITORIES.map(() => fc.subarray([...SHAPES], { minLength: 2, maxLength: 3 }))
  ),
  /** Of the environments that share, and of those that do not. */
  models: fc.tuple(
    ...REPOSITORIES.map(() => fc.tuple(fc.constantFrom(...MODELS), fc.constantFrom(...MODELS)))
  ),
  target: fc.nat(),
  operations: fc.array(
    fc.record({
      operation: fc.oneof(
        { weight: 9, arbitrary: fc.constant<Work['operation']>('destroy') },
        { weight: 7, arbitrary: fc.constant<Work['operation']>('sweep') },
        { weight: 1, arbitrary: fc.constant<Work['operation']>('apply') }
      ),
      same: mostly,
      dryRun: rarely
    }),
    { minLength: 2, maxLength: 2 }
  ),
  again: fc.oneof(often(4, false), often(1, true)),
  ended: fc.array(fc.boolean(), { minLength: MOST, maxLength: MOST }),
  targetEnded: mostly,
  hazards: fc.array(
    fc.record({
      name: fc.constantFrom(...HAZARD_NAMES, ...SELDOM),
      pick: fc.nat(),
      here: mostly,
      moment,
      listed: fc.option(whileListed, { nil: undefined })
    }),
    { minLength: 2, maxLength: 5 }
  ),
  alone: rarely,
  lag: mostly
})

/** The environments of an estate; a guest comes with its platform. */
function chosen(
  built: readonly (readonly Built[])[],
  shapes: readonly (readonly string[])[],
  models: readonly (readonly [Model, Model])[]
) {
  const wanted = built.flatMap((ofOne, index) => {
    const names = shapes[index] ?? []
    const [sharing, alone] = models[index] ?? []
    return ofOne.filter(({ shape, model }) => {
      const shares = shape === 'platform' || shape === 'guest'
      if (model !== (shares ? sharing : alone)) return false
      return names.includes(shape) || (shape === 'platform' && names.includes('guest'))
    })
  })
  return wanted.slice(0, MOST)
}

/** Comes before the run, or during it where its kind may. */
function timed(name: HazardName, drawn: Moment | undefined): Moment | undefined {
  if (name === 'older copy') return { method: 'PUT', nth: 1 }
  return SUDDEN.includes(name) ? drawn : undefined
}

/** Each shape of each repository, made once for all estates. */
let built: readonly (readonly Built[])[] = []
beforeAll(async () => {
  built = await pool.map(REPOSITORIES, buildAll)
}, PATIENCE_MS)

describe('random estates', () => {
  it(
    'lose nothing but what the environment itself made, and lose what they are told to',
    async () => {
      const seeds = only ?? seedsOf(SEEDS, HAZARD_NAMES.length)
      const days = await pool.map(seeds, async (azure, seed) => {
        const [drawn] = fc.sample(day, { seed, numRuns: 1 })
        if (drawn === undefined) throw new Error('no day')
        const operations = drawn.operations.slice(0, drawn.again ? 2 : 1)
        // Seeds take the hazards in turn, so that each has its share whatever else is drawn.
        const name = HAZARD_NAMES[seed % HAZARD_NAMES.length] as HazardName
        const [one, ...more] = drawn.alone ? [] : drawn.hazards
        const hazards = one === undefined ? [] : [{ ...one, name }, ...more]
        const first = hazards[0]?.name ?? 'grant'
        const model = MODEL_OF[first]
        const models = drawn.models.map((pair) => (model ? ([model, pair[1]] as const) : pair))
        const environments = chosen(built, drawn.shapes, models)
        const any = (pick: number, among = environments) => among[pick % among.length] as Built
        const places = PLACES[first] ?? SHAPES
        const fit = environments.filter(
          (one) => places.includes(one.shape) && (model === undefined || model === one.model)
        )
        const target = any(drawn.target, fit.length > 0 ? fit : environments)
        const ended = environments.map((one, index) =>
          one === target ? drawn.targetEnded : drawn.ended[index] === true
        )
        const lived = new Day(azure, environments, ended, drawn.lag ? LIST_LAG_MS : 0)
        const coming = hazards.map(({ name, pick, here, moment, listed }, index) => {
          const when = timed(name, name === 'storage account' ? (listed ?? moment) : moment)
          // During a run, nobody but the action writes an enrollment group of the action's name.
          const variant = when === undefined ? pick : pick % 2
          return {
            name,
            pick: variant,
            environment: here || index === 0 ? target : any(pick),
            moment: when
          }
        })
        for (const [index, { operation, same, dryRun }] of operations.entries()) {
          const environment = same || index === 0 ? target : any(drawn.target + index)
          await lived.work({ operation, environment, dryRun }, index === 0 ? coming : [])
        }
        return { seed, wrong: lived.wrong, beside: lived.beside }
      })
      const counts: Record<string, number> = {}
      for (const name of days.flatMap(({ beside }) => beside))
        counts[name] = (counts[name] ?? 0) + 1
      console.log(
        `${days.length} estates, seeds ${seeds[0]} to ${seeds.at(-1)}; deletions beside each hazard: ${JSON.stringify(counts)}`
      )
      expect(days.filter(({ wrong }) => wrong.length > 0)).toEqual([])
      if (!IS_EXHAUSTIVE || only !== undefined) return
      const hazards = [
        ...HAZARD_NAMES,
        'shared',
        'both models',
        ...MODELS.map((model) => `of ${model}`),
        'same repository id',
        'living neighbour',
        'arrived meanwhile'
      ]
      expect(hazards.filter((name) => (counts[name] ?? 0) < OFTEN)).toEqual([])
    },
    PATIENCE_MS
  )
})

/** What random days meet too seldom: a guard alone in the way of a loss. */
describe('a destroy', () => {
  /** What is wrong after it, of an environment with this hazard. */
  const wrongAfter = async (shape: Built['shape'], coming: Omit<Coming, 'environment'>) => {
    const [wrong] = await pool.map([shape], async (azure) => {
      const ofModel = (built[0] ?? []).filter(({ model }) => model === MODELS[0])
      const environments = ofModel.filter((one) =>
        shape === 'guest' ? ['platform', 'guest'].includes(one.shape) : one.shape === shape
      )
      const environment = environments.find((one) => one.shape === shape) as Built
      const day = new Day(azure, environments, [], LIST_LAG_MS)
      const work = { operation: 'destroy', environment, dryRun: false } as const
      await day.work(work, [{ ...coming, environment }])
      expect(day.beside.length + day.wrong.length).toBeGreaterThan(0)
      return day.wrong
    })
    return wrong
  }

  it('sees what comes as a group is listed for its removal, though lists tell it late', async () => {
    const moment: Moment = { lists: true, nth: 3 }
    const late = { name: 'storage account', pick: 0, moment, promised: true } as const
    expect(await wrongAfter('small', late)).toEqual([])
  })

  it.each([
    ['of another attestation', 3],
    ['that lists no hub', 4],
    ['that lists a hub of others', 5]
  ])('does not even announce an enrollment group of our name %s', async (_what, pick) => {
    const theirs = { name: 'enrollment group', pick, moment: undefined } as const
    expect(await wrongAfter('guest', theirs)).toEqual([])
  })
})
