import { Worker } from 'node:worker_threads'

/** What a thread is told. */
export interface Task {
  /** URLs of the test files. */
  readonly tests: readonly string[]
  /** A source that is replaced, by its URL; none for the tests alone. */
  readonly replaced?: { readonly url: string; readonly code: string }
  /** Mutants that are switched on one after the other, by their numbers; -1 for none. */
  readonly rounds: readonly number[]
}

/** What a thread tells of each round. */
export interface Round {
  readonly round: number
  /** Why the tests failed; undefined when all passed. */
  readonly failure: string | undefined
}

/** Longer than any file of unit tests takes: a mutant that never ends is found by it. */
const LONGEST_MS = 20_000

/** @returns why the tests failed, by round; undefined where all passed */
export async function trial(task: Task): Promise<ReadonlyMap<number, string | undefined>> {
  const results = new Map<number, string | undefined>()
  for (let left = task.rounds; left.length > 0; ) {
    const end = await runRounds({ ...task, rounds: left }, results)
    left = left.filter((round) => !results.has(round))
    const [broken] = left
    // A new thread goes on after the round that took the last one with it.
    if (broken !== undefined) results.set(broken, end)
    left = left.slice(1)
  }
  return results
}

/** @returns why the thread ended, which matters when rounds are left */
async function runRounds(task: Task, results: Map<number, string | undefined>): Promise<string> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: task,
    // What a mutant says on its way is of no interest.
    stdout: true,
    stderr: true
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('it never ends'), LONGEST_MS)
      worker.on('message', ({ round, failure }: Round) => {
        results.set(round, failure)
        timer?.refresh()
      })
      worker.on('error', (error) => resolve(String(error)))
      worker.on('exit', () => resolve('its thread ended'))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
