// Lets an independent runner carry out workflows, one after the other, in one emulated Azure: npm run try -- WORKFLOW...
import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { startEmulator } from '../emulator/index.ts'
import { dispatch, pullRequest, push, schedule, type Trigger } from './trigger.ts'
import { RUNNER } from './witnesses/runner.ts'
import { installed } from './witnesses/venv.ts'
import { runWorkflow } from './workflows/act.ts'
import { workflowsOf } from './workflows/checkout.ts'
import { everywhere } from './workflows/stories/regions.ts'
import { idsOf } from './workflows/tell.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
/** A creation of minutes passes in a second or two. */
const SPEED = 60
const BRANCH = 'feature/try'

/** The events that a workflow may start by, the likeliest first. */
const TRIGGERS: Readonly<Record<string, () => Trigger>> = {
  push: () => push(BRANCH),
  pull_request: () => pullRequest(1, BRANCH, 'opened'),
  workflow_dispatch: () => dispatch(),
  schedule: () => schedule()
}

const paths = process.argv.slice(2)
if (paths.length === 0) throw new Error('give the paths of workflows, or of pages that show one')
const bin = installed(RUNNER)
const azure = await startEmulator({ speed: SPEED })
try {
  azure.configure(everywhere)
  let shared: Readonly<Record<string, string>> = {}
  for (const path of paths) {
    const text = readFileSync(path, 'utf8')
    const { on } = parse(path.endsWith('.md') ? (workflowsOf(text)[0] ?? '') : text) as {
      on?: unknown
    }
    const events = typeof on === 'string' ? [on] : Array.isArray(on) ? on : Object.keys(on ?? {})
    const event = Object.keys(TRIGGERS).find((name) => events.includes(name))
    if (event === undefined)
      throw new Error(`${path}: starts by none of ${Object.keys(TRIGGERS).join(', ')}`)
    const { jobs, log, outputs } = await runWorkflow(
      {
        workflow: relative(ROOT, resolve(path)),
        trigger: (TRIGGERS[event] as () => Trigger)(),
        env: azure.env,
        // All jobs present one subject here, which one identity trusts.
        vars: {
          ...idsOf(azure.env),
          AZURE_PLAN_CLIENT_ID: azure.env.AZURE_CLIENT_ID ?? '',
          ...shared
        },
        files: { 'iot.yml': 'examples/iot.yml' }
      },
      bin
    )
    console.log(`${path}, ${event}`)
    console.log(log)
    for (const [job, results] of Object.entries(jobs))
      console.log(`job ${job}: ${results.join(', ')}`)
    if (Object.keys(jobs).length === 0) console.log('no job ran')
    if (Object.values(jobs).flat().includes('failure')) process.exitCode = 1
    // What the summary of a platform tells to put into variables.
    shared = {
      SHARED_NAMESPACE_ID: outputs['iot.namespace-id'] ?? shared.SHARED_NAMESPACE_ID ?? '',
      SHARED_DPS_ID: outputs['iot.dps-id'] ?? shared.SHARED_DPS_ID ?? ''
    }
  }
} finally {
  await azure.stop()
}
