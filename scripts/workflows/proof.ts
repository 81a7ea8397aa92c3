import assert from 'node:assert/strict'
import type { Emulator } from '../../emulator/index.ts'
import { push } from '../trigger.ts'
import type { Run } from './story.ts'
import { tell } from './tell.ts'

const run = {
  workflow: 'scripts/workflows/files/bad-input.yml',
  trigger: push(),
  jobs: { provision: ['success'] }
} as const

/** Expectations that a workflow does not meet. */
const MISTAKES: readonly Run[] = [
  { ...run, name: 'a job that ends otherwise', jobs: { provision: ['failure'] } },
  { ...run, name: 'a job that does not run', jobs: { ...run.jobs, report: ['success'] } },
  { ...run, name: 'a job that is not to run', jobs: {} },
  {
    ...run,
    name: 'a matrix with a leg too few',
    jobs: { provision: ['success', 'success'] }
  },
  {
    ...run,
    name: 'a check that does not hold',
    check: ({ outputs }) => assert.equal(outputs['iot.changed'], 'true')
  }
]

/** Proves that a workflow can fail here. @returns the mistakes that were not noticed */
export async function unnoticed(azure: Emulator, bin: string): Promise<readonly string[]> {
  const missed: string[] = []
  for await (const { name, fault } of tell(MISTAKES, azure, bin)) {
    if (fault === undefined) missed.push(name)
  }
  return missed
}
