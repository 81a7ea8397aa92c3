// Runs the shipped bundle twice against an embedded local Azure and shows what a workflow would see: npm run demo, or with
// the tutorial's model of the service npm run demo -- --service-version 2025-11-01-preview
import { parseArgs } from 'node:util'
import { startEmulator } from '../emulator/index.ts'
import { type ActionRun, runAction } from './runner.ts'

/** A creation of minutes passes in a second; the action's own waits shrink alike. */
const SPEED = 60

const { values } = parseArgs({ options: { 'service-version': { type: 'string' } } })
const version = values['service-version']
const inputs = {
  environment: 'demo',
  location: 'westeurope',
  tags: 'team=iot',
  ...(version !== undefined && { 'service-version': version }),
  // Only the tutorial's model has hubs in another region.
  ...(version === '2025-11-01-preview' && { 'hub-location': 'northeurope' })
}

const emulator = await startEmulator({ profile: 'azure', speed: SPEED })
try {
  const first = await show('First run: everything is created', inputs)
  const second = await show('Second run: nothing is left to do', inputs)

  console.log('\nOutputs:')
  for (const [name, value] of Object.entries(second.outputs)) {
    if (name !== 'plan' && name !== 'result') console.log(`  ${name}=${value}`)
  }
  const result = JSON.parse(first.outputs.result ?? '{}') as { steps?: { outcome: string }[] }
  const created = (result.steps ?? []).filter(({ outcome }) => outcome === 'created').length
  const again = JSON.parse(second.outputs.result ?? '{}') as { steps?: { outcome: string }[] }
  const changed = (again.steps ?? []).filter(({ outcome }) => outcome !== 'unchanged').length
  if (first.exitCode !== 0 || second.exitCode !== 0) process.exitCode = 1
  console.log(`demo: ${created} resources, second run changed ${changed}`)
} finally {
  await emulator.stop()
}

async function show(title: string, given: Readonly<Record<string, string>>): Promise<ActionRun> {
  console.log(`\n=== ${title} ===`)
  const run = await runAction({
    inputs: given,
    azure: emulator.env,
    // What masks a value is meant for the runner, not for people.
    onLine: (line) => {
      if (!/^::(add-mask|debug|endgroup)::/.test(line)) console.log(line.replace('::group::', ''))
    }
  })
  console.log(`exit code ${run.exitCode}`)
  return run
}
