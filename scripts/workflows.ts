// Lets an independent runner carry out whole workflows against the emulated Azure: npm run workflows
import { performance } from 'node:perf_hooks'
import { startEmulator } from '../emulator/index.ts'
import { goTool } from './witnesses/goTool.ts'
import { ACTIONLINT, ZIZMOR } from './witnesses/linters.ts'
import { RUNNER } from './witnesses/runner.ts'
import { installed } from './witnesses/venv.ts'
import { elsewhere, untold } from './workflows/coverage.ts'
import { limitsOf } from './workflows/limits.ts'
import { lint } from './workflows/lint.ts'
import { unnoticed } from './workflows/proof.ts'
import * as examples from './workflows/stories/examples.ts'
import * as jobs from './workflows/stories/jobs.ts'
import * as operations from './workflows/stories/operations.ts'
import * as production from './workflows/stories/production.ts'
import type { Story } from './workflows/story.ts'
import { tell } from './workflows/tell.ts'

/** A creation of minutes passes in a second or two. */
const SPEED = 60

const stories: readonly Story[] = [
  ...[operations.life, operations.branches, operations.phases],
  ...[jobs.outputs, jobs.matrix, jobs.files, jobs.composite, jobs.failures],
  ...[examples.pullRequests, production.releases, examples.fleet, examples.sweeps]
]

const bin = installed({ ...RUNNER, ...ZIZMOR })
const actionlint = goTool(...ACTIONLINT)

const { findings, missed } = await lint({ actionlint, zizmor: `${bin}/zizmor` })
for (const finding of findings) console.error(finding)
console.log(`linters: ${findings.length} findings`)

const azure = await startEmulator({ speed: SPEED })
const failed: string[] = []
let ran = 0
try {
  const noticed = await unnoticed(azure, bin)
  for (const story of stories) {
    let started = performance.now()
    for await (const { name, fault } of tell(story, azure, bin)) {
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      started = performance.now()
      ran++
      if (fault !== undefined) failed.push(name)
      console.log(`${fault === undefined ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
      if (fault !== undefined) console.error(fault)
    }
  }
  const { names, gone } = await limitsOf(azure.env, bin)
  console.log('What act does not do as GitHub does, so that nothing here shows it:')
  for (const name of [...names, ...elsewhere()]) console.log(`  ${name}`)
  const wrong = [
    ...missed,
    ...untold(stories).map((path) => `no workflow runs ${path}`),
    ...noticed.map((name) => `a planted mistake was not noticed: ${name}`),
    ...gone.map((name) => `act can do this by now, take it off the list: ${name}`)
  ]
  for (const one of wrong) console.error(one)
  console.log(`workflows: ${ran} ran, ${failed.length} failed`)
  if (failed.length + findings.length + wrong.length > 0 || ran === 0) process.exitCode = 1
} finally {
  await azure.stop()
}
