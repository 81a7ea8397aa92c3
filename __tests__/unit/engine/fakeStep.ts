import type { AnyStep, Step } from '../../../src/engine/step.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
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
