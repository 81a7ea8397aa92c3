import assert from 'node:assert/strict'
import type { Emulator } from '../../emulator/index.ts'
import { runWorkflow } from './act.ts'
import type { Seen } from './log.ts'
import type { Run, Story } from './story.ts'

/** How a workflow of a story went. */
interface Told {
  readonly name: string
  /** What is wrong with it; absent when nothing is. */
  readonly fault?: string
}

/** How much of a complaint, and of a workflow's log, is shown. */
const LONGEST = 1_500

/** Carries the workflows of a story out, one after the other, in an Azure that is empty at first. */
export async function* tell(story: Story, azure: Emulator, bin: string): AsyncGenerator<Told> {
  azure.reset()
  let first: Seen['outputs'] | undefined
  for (const run of story) {
    azure.configure(run.azure ?? {})
    azure.setFaults(run.faults ?? [])
    const before = azure.requests.length
    const seen = await runWorkflow(
      {
        workflow: run.workflow,
        trigger: run.trigger,
        env: environment(azure.env, run),
        vars: { ...idsOf(azure.env), ...run.vars?.(first ?? {}) },
        ...(run.files && { files: run.files })
      },
      bin
    )
    first ??= seen.outputs
    const fault = faultOf(run, seen, azure, before)
    yield { name: run.name, ...(fault !== undefined && { fault }) }
  }
}

function faultOf(run: Run, seen: Seen, azure: Emulator, before: number): string | undefined {
  try {
    assert.deepEqual(seen.jobs, run.jobs)
    run.check?.({
      ...seen,
      azure,
      requests: azure.requests.slice(before),
      ids: (type) =>
        [...azure.world.resources.values()]
          .map(({ id }) => id)
          .filter((id) => id.split('/').at(-2)?.toLowerCase() === type.toLowerCase())
    })
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return `${why.slice(0, LONGEST)}\n… ${seen.log.slice(-LONGEST)}`
  }
}

/** The three ids, which a workflow has in `vars`. */
export function idsOf(env: Emulator['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => /^AZURE_\w+_ID$/.test(name)))
}

/** What leads a step to Azure; the request for an assertion only where GitHub lets a job make it. */
function environment(env: Emulator['env'], { idToken }: Run): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => idToken !== false || !name.startsWith('ACTIONS_ID_TOKEN_')
    )
  )
}
