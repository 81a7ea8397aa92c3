// Runs unit tests in a thread of its own, with one source replaced by another.
import { enableCompileCache, registerHooks } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { fromJest } from './fromJest.ts'
import type { Task } from './trial.ts'

enableCompileCache()
const { tests, replaced } = workerData as Task

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
  readonly addEventHandler: (
    handler: (event: { readonly name: string; readonly error?: unknown }) => void
  ) => void
  readonly run: () => Promise<{
    readonly testResults: readonly { readonly errors: readonly string[] }[]
    readonly unhandledErrors: readonly string[]
  }>
}

const { addEventHandler, run } = fromJest<Circus>('jest-circus')

/** The first failure is enough. */
const fail = (why: string) => parentPort?.postMessage({ failure: why })

try {
  addEventHandler((event) => {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') fail(String(event.error))
  })
  for (const test of tests) await import(test)
  const { testResults, unhandledErrors } = await run()
  const errors = [...unhandledErrors, ...testResults.flatMap((one) => one.errors)]
  if (errors.length > 0 || testResults.length === 0) fail(errors[0] ?? 'there are no tests')
  parentPort?.postMessage({ passed: testResults.length })
} catch (error) {
  fail(String(error))
}
