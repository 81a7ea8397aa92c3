import { copyWorld, restoreWorld } from '../../emulator/world.ts'
import { planOf, type Stage, stepsTo, succeeded, writes } from './stage.ts'

/** What somebody does with a CLI to an environment of the action's. */
export interface Drift {
  readonly name: string
  /** @param of the action's outputs by name */
  readonly command: (of: (output: string) => string, stage: Stage) => Promise<unknown>
  /** What the action is told besides. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Steps that the action then has to repair, and what it has to write, by the last words of each address. */
  readonly repaired: readonly RegExp[]
  readonly written: readonly RegExp[]
  /** Steps that go on waiting for what Azure itself has to do. */
  readonly awaited?: readonly RegExp[]
  /** The action can only say what is wrong. */
  readonly stays?: true
}

/**
 * Whatever somebody does with a CLI to what the action made, exactly that is repaired, and nothing else written.
 *
 * @param subject begins the name of each fact
 * @param base inputs of every run
 */
export async function playDrifts(
  stage: Stage,
  subject: string,
  base: Readonly<Record<string, string>>,
  drifts: readonly Drift[]
): Promise<void> {
  const { azure, facts } = stage
  const first = succeeded(await stage.run(base))
  const of = (output: string) => first.outputs[output] ?? ''
  const made = copyWorld(azure.world)
  for (const {
    name,
    command,
    inputs = {},
    repaired,
    written,
    awaited = [],
    stays = false
  } of drifts) {
    const given = { ...base, ...inputs }
    azure.reset()
    restoreWorld(azure.world, made)
    await command(of, stage)
    const run = await stage.run(given)
    const agree = (what: string, ours: unknown, theirs: unknown) =>
      facts.agree(`${subject}, ${name} | ${what}`, ours, theirs)
    const mended = stepsTo(run, 'create', 'change', 'act')
    const matches = (patterns: readonly RegExp[]) => (text: string) =>
      patterns.some((one) => one.test(text))
    const unmatched = (patterns: readonly RegExp[], texts: readonly string[]) =>
      patterns.filter((one) => !texts.some((text) => one.test(text))).map(String)
    agree('the action succeeds', run.exitCode === 0, !stays)
    agree(
      'steps repaired without cause',
      mended.filter((step) => !matches(repaired)(step)),
      []
    )
    agree('steps not repaired', unmatched(repaired, mended), [])
    agree(
      'writes without cause',
      writes(run).filter((line) => !matches(written)(line)),
      []
    )
    agree('writes that are missing', unmatched(written, writes(run)), [])
    if (stays) continue
    const verified = await stage.run({ ...given, operation: 'verify' })
    agree('verified afterwards', verified.exitCode, 0)
    const plan = planOf(await stage.run({ ...given, operation: 'plan' }))
    agree(
      'left to do',
      plan
        .filter(({ id, action }) => action !== 'keep' && !matches(awaited)(id))
        .map(({ id }) => id),
      []
    )
  }
}
