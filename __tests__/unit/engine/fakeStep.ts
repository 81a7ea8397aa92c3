import type { AnyStep, See, Step, Teardown } from '../../../src/engine/step.ts'
import type { Removal, Verdict } from '../../../src/engine/verdict.ts'
import { placeIn } from '../../../src/settings/resourceId.ts'
import type { Phase } from '../../../src/settings/settings.ts'

export interface FakeFacts {
  present: boolean
}

export interface FakeOptions {
  readonly phase?: Phase
  readonly needs?: readonly AnyStep[]
  readonly reads?: readonly AnyStep[]
  readonly optional?: boolean
  readonly settleMs?: number
  readonly judge?: (facts: FakeFacts) => Verdict
  readonly apply?: () => Promise<void>
  readonly observe?: () => Promise<FakeFacts>
  readonly wait?: () => Promise<FakeFacts>
}

/** A step over one boolean in memory. `world` is what "Azure" has. */
export function fakeStep(
  id: string,
  world: Map<string, boolean>,
  options: FakeOptions = {}
): Step<FakeFacts> {
  const { needs = [], phase = 'identity', ...rest } = options
  return {
    id,
    kind: 'Fake',
    resource: `/fake/${id}`,
    phase,
    needs,
    ...(rest.reads && { reads: rest.reads }),
    ...(rest.optional !== undefined && { optional: rest.optional }),
    ...(rest.settleMs !== undefined && { settleMs: rest.settleMs }),
    ...(rest.wait && { wait: rest.wait }),
    observe: rest.observe ?? (async () => ({ present: world.get(id) ?? false })),
    unmetRequirement: ({ present }) => (present ? undefined : 'does not exist'),
    judge: rest.judge ?? (({ present }) => ({ action: present ? 'keep' : 'create' })),
    apply: async () => {
      await rest.apply?.()
      world.set(id, true)
      return { present: true }
    }
  }
}

/** A step that is only there to be needed or looked at. */
export function standIn<F>(resource: string, more: Partial<Step<F>> = {}): Step<F> {
  return {
    id: resource,
    kind: 'Stand-in',
    resource,
    phase: 'identity',
    needs: [],
    observe: () => Promise.reject(new Error('not to be observed')),
    unmetRequirement: () => undefined,
    judge: () => ({ action: 'keep' }),
    apply: () => Promise.reject(new Error('not to be applied')),
    ...more
  }
}

/** What is known of each of these steps. */
export function seeing(...known: readonly (readonly [AnyStep, unknown])[]): See {
  const facts = new Map(known)
  return <F>(step: Step<F>): F => {
    if (!facts.has(step)) throw new Error(`nothing is known of ${step.id}`)
    return facts.get(step) as F
  }
}

export type End = Partial<Teardown<unknown>> & { readonly verdict?: Removal | 'none' }
type Ended = Partial<Omit<Step<unknown>, 'teardown'>> & { readonly teardown?: End }

export const REMOVE: Removal = { action: 'remove' }
const remove = async () => undefined

/** A step at `resource` that goes, with a request of its own, unless it is told otherwise. */
export function ending(resource: string, { teardown = {}, ...more }: Ended = {}): AnyStep {
  const { verdict = REMOVE, ...end } = teardown
  const judge = () => (verdict === 'none' ? undefined : verdict)
  const place = placeIn(resource)
  return standIn(resource, { kind: 'Fake', place, teardown: { judge, remove, ...end }, ...more })
}

/** What a step that is carried out by itself hears of others: nothing. */
export const ALONE = {
  begun: () => {},
  shown: () => {},
  shownEnd: undefined,
  underWay: () => undefined,
  news: () => Promise.resolve()
}
