import { Worker } from 'node:worker_threads'

/** What a thread is told. */
export interface Task {
  /** URLs of the test files. */
  readonly tests: readonly string[]
  /** A source that is replaced, by its URL; none for the tests alone. */
  readonly replaced?: { readonly url: string; readonly code: string }
}

/** Longer than any file of unit tests takes: a mutant that never ends is found by it. */
const LONGEST_MS = 20_000

/** @returns why the tests failed; undefined when all passed */
export async function failureOf(task: Task): Promise<string | undefined> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: task,
    // What a mutant says on its way is of no interest.
    stdout: true,
    stderr: true
  })
  let timer: NodeJS.Timeout | undefined
  try {
    return await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(() => resolve('it never ends'), LONGEST_MS)
      worker.on('message', ({ failure }: { readonly failure?: string }) => resolve(failure))
      worker.on('error', (error) => resolve(String(error)))
      worker.on('exit', () => resolve('its thread ended'))
    })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}
