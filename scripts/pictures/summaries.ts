import { startEmulator } from '../../emulator/index.ts'
import { runAction } from '../runner.ts'

/** A creation of minutes passes in a second; the action's own waits shrink alike. */
const SPEED = 600
const VERSIONS = ['2026-11-01', '2025-11-01-preview'] as const

type Inputs = Readonly<Record<string, string>>

const NAME = 'feature/login'
/** A config file with more hubs than can be drawn side by side. */
const FLEET = {
  'fleet.json': JSON.stringify({
    hubs: Array.from({ length: 10 }, (_, index) => ({ key: `h${index + 1}` }))
  })
}

/** Runs of one environment in their order, with what each ends with. */
const STORY: readonly (readonly [name: string, exitCode: number, inputs: Inputs])[] = [
  ['plan', 0, { operation: 'plan' }],
  ['apply', 0, {}],
  ['unchanged', 0, {}],
  ['drifted', 0, { operation: 'plan', tags: 'team=iot' }],
  ['verify-failing', 1, { operation: 'verify', tags: 'team=iot' }],
  ['error', 1, { 'expected-plan': '0'.repeat(32), tags: 'team=iot' }],
  ['ten-hubs', 0, { operation: 'plan', environment: 'fleet', config: 'fleet.json' }],
  ['destroy', 0, { operation: 'destroy', confirm: NAME }],
  ['sweep', 0, { operation: 'sweep', 'dry-run': 'true' }]
]

/** What the action writes of each operation, by each model of the service, as it comes. @param only part of a name */
export async function* summaries(
  only: string
): AsyncGenerator<{ readonly name: string; readonly markdown: string }> {
  for (const version of VERSIONS) {
    const emulator = await startEmulator({ profile: 'azure', speed: SPEED })
    try {
      for (const [name, exitCode, inputs] of STORY) {
        const run = await runAction({
          inputs: inputsOf(version, inputs),
          azure: emulator.env,
          job: { files: FLEET }
        })
        if (run.exitCode !== exitCode)
          throw new Error(`${name}: exit code ${run.exitCode}\n${run.log}`)
        const full = `${version}-${name}`
        if (full.includes(only)) yield { name: full, markdown: run.summary }
      }
    } finally {
      await emulator.stop()
    }
  }
}

function inputsOf(version: string, inputs: Inputs): Inputs {
  if (inputs.operation === 'sweep') return inputs
  return {
    environment: NAME,
    location: 'westeurope',
    ...(inputs.operation === undefined && { 'expires-after': '7d' }),
    'service-version': version,
    ...(version === '2025-11-01-preview' && { 'hub-location': 'northeurope' }),
    ...inputs
  }
}
