// Runs unit tests in a thread of its own, with one source replaced by another that holds its mutants, each behind a switch.
import { enableCompileCache, registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { fromJest } from './fromJest.ts'
import { switchOn } from './switch.ts'
import type { Round, Task } from './trial.ts'

enableCompileCache()
const { tests, replaced, rounds } = workerData as Task

registerHooks({
  resolve: (specifier, context, next) =>
    next(
      specifier === '@jest/globals' ? new URL('./jestGlobals.ts', import.meta.url).href : specifier,
      context
    ),
  load: (url, context, next) =>
    url === replaced?.url
      ? { format: 'module', source: replaced.code, shortCircuit: true }
      : next(url, context)
})

/** As far as it is used here. */
interface Circus {
  readonly resetState: () => void
  readonly run: () => Promise<{
    readonly testResults: readonly { readonly errors: readonly string[] }[]
    readonly unhandledErrors: readonly string[]
  }>
}

const { resetState, run } = fromJest<Circus>('jest-circus')

// What an earlier mutant left behind must not end the thread of a later one.
process.on('unhandledRejection', () => {})
for (const round of rounds) {
  const result: Round = { round, failure: await failureIn(round) }
  parentPort?.postMessage(result)
}
process.exit()

async function failureIn(round: number): Promise<string | undefined> {
  try {
    switchOn(round)
    resetState()
    // A module is evaluated once: under another name the tests are made anew, and what they import is not.
    for (const test of tests) await import(`${test}?${round}`)
    const { testResults, unhandledErrors } = await run()
    if (testResults.length === 0) return 'there are no tests'
    return [...unhandledErrors, ...testResults.flatMap(({ errors }) => errors)][0]
  } catch (error) {
    return String(error)
  }
}
