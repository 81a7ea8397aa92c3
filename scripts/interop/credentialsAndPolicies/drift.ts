import { copyWorld, restoreWorld } from '../../../emulator/world.ts'
import { planOf, type Stage, stepsTo, succeeded, writes } from '../stage.ts'
import { DRIFTS, type Drift, LOSING } from './drifts.ts'
import { MODEL } from './versions.ts'

const INPUTS = {
  ...MODEL,
  environment: 'drift',
  location: 'westeurope',
  'hub-location': 'northeurope',
  tags: 'team=iot'
}

/** Whatever somebody does with a CLI to what the action made, exactly that is repaired, and nothing else written. */
export const drift = (stage: Stage): Promise<void> => play(stage, 'drift', DRIFTS)

/** The same where an older version's PUT loses what it does not know. */
export const losingDrift = (stage: Stage): Promise<void> => play(stage, 'losing drift', LOSING)

async function play(stage: Stage, subject: string, drifts: readonly Drift[]): Promise<void> {
  const { azure, facts } = stage
  const first = succeeded(await stage.run(INPUTS))
  const of = (output: string) => first.outputs[output] ?? ''
  const made = copyWorld(azure.world)
  for (const { name, command, inputs = {}, repaired, written, stays = false } of drifts) {
    const given = { ...INPUTS, ...inputs }
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
      plan.filter(({ action }) => action !== 'keep').map(({ id }) => id),
      []
    )
  }
}
