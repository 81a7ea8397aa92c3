import type { Fault } from '../../emulator/faults.ts'
import { type Emulator, startEmulator } from '../../emulator/index.ts'
import { runAction } from '../runner.ts'
import { pullRequest } from '../trigger.ts'

/** A creation of minutes passes in seconds; the action's own waits shrink alike, and GitHub has a second to answer. */
const SPEED = 60
const VERSIONS = ['2026-11-01', '2025-11-01-preview'] as const

type Inputs = Readonly<Record<string, string>>

/** A run, and how it has to end. */
interface Scene {
  readonly name: string
  readonly exitCode: 0 | 1
  readonly inputs: Inputs
  readonly faults?: readonly Fault[]
}

/** What is drawn. */
export interface Drawing {
  readonly name: string
  readonly markdown: string
}

const NAME = 'feature/login'
/** Config files with as many hubs as are drawn side by side, and with more. */
const FILES = {
  'two.json': JSON.stringify({ hubs: hubs(2) }),
  'ten.json': JSON.stringify({ hubs: hubs(10) }),
  'twenty.json': JSON.stringify({ hubs: hubs(20) })
}

/** A namespace of the newer model has ten hubs at most (contract B section 2). */
const MANY: Readonly<Record<string, string>> = {
  '2026-11-01': 'ten.json',
  '2025-11-01-preview': 'twenty.json'
}

const REFUSED = {
  error: { code: 'RequestDisallowedByPolicy', message: 'A DPS needs the tag `cost-centre`.' }
}
const REFUSAL: Fault = {
  method: 'PUT',
  path: '/provisioningServices/',
  effect: { kind: 'answer', status: 403, body: REFUSED }
}

const COMMENT = { comment: 'true', 'github-token': 'ghs_token' }
const DESTROY = { operation: 'destroy', confirm: NAME }

/** Runs of one environment in their order, and of others, with what each ends with. */
const STORY: readonly Scene[] = [
  { name: 'plan', exitCode: 0, inputs: { operation: 'plan' } },
  { name: 'apply', exitCode: 0, inputs: { 'expires-after': '7d', ...COMMENT } },
  { name: 'unchanged', exitCode: 0, inputs: { 'expires-after': '7d' } },
  { name: 'drifted', exitCode: 0, inputs: { operation: 'plan', tags: 'team=iot', ...COMMENT } },
  { name: 'verify', exitCode: 0, inputs: { operation: 'verify' } },
  { name: 'verify-failing', exitCode: 1, inputs: { operation: 'verify', tags: 'team=iot' } },
  { name: 'other-plan', exitCode: 1, inputs: { 'expected-plan': '0'.repeat(32), tags: 'a=b' } },
  { name: 'error', exitCode: 1, inputs: { environment: 'refused' }, faults: [REFUSAL] },
  {
    name: 'two-hubs',
    exitCode: 0,
    inputs: { operation: 'plan', environment: 'two', config: 'two.json' }
  },
  {
    name: 'many-hubs',
    exitCode: 0,
    inputs: { operation: 'plan', environment: 'fleet', config: 'many' }
  },
  { name: 'destroy-plan', exitCode: 0, inputs: { operation: 'destroy', 'dry-run': 'true' } },
  { name: 'destroy', exitCode: 0, inputs: { ...DESTROY, ...COMMENT } },
  { name: 'gone', exitCode: 0, inputs: DESTROY },
  { name: 'sweep', exitCode: 0, inputs: { operation: 'sweep', 'dry-run': 'true' } }
]

/**
 * What the action writes of each operation, by each model of the service, as it comes: summaries, comments, and the
 * summaries of two steps as GitHub shows them, on one page.
 *
 * @param only part of a name
 */
export async function* summaries(only: string): AsyncGenerator<Drawing> {
  for (const version of VERSIONS) {
    const emulator = await startEmulator({ profile: 'azure', speed: SPEED })
    try {
      for await (const { name, markdown } of told(emulator, version)) {
        const full = `${version}-${name}`
        if (full.includes(only)) yield { name: full, markdown }
      }
    } finally {
      await emulator.stop()
    }
  }
}

async function* told(emulator: Emulator, version: string): AsyncGenerator<Drawing> {
  const seen: string[] = []
  for (const { name, exitCode, inputs, faults = [] } of STORY) {
    emulator.setFaults(faults)
    const run = await runAction({
      inputs: inputsOf(version, inputs),
      azure: emulator.env,
      job: { files: FILES, trigger: pullRequest(7) }
    })
    if (run.exitCode !== exitCode) throw new Error(`${name}: exit code ${run.exitCode}\n${run.log}`)
    seen.push(run.summary)
    yield { name, markdown: run.summary }
    if (inputs.comment === undefined) continue
    const [comment] = emulator.world.comments.values()
    const body = String(comment?.body.body)
    if (!body.includes(run.summary.split('\n')[0] ?? ''))
      throw new Error(`${name}: the comment is of another run\n${run.log}`)
    yield { name: `${name}-comment`, markdown: body }
  }
  yield { name: 'two-steps', markdown: seen.slice(0, 2).join('\n\n') }
}

function hubs(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ key: `h${index + 1}` }))
}

function inputsOf(version: string, inputs: Inputs): Inputs {
  if (inputs.operation === 'sweep') return inputs
  return {
    environment: NAME,
    location: 'westeurope',
    'service-version': version,
    ...(version === '2025-11-01-preview' && { 'hub-location': 'northeurope' }),
    ...inputs,
    ...(inputs.config === 'many' && { config: MANY[version] ?? '' })
  }
}
