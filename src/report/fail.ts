import * as core from '@actions/core'
import type { Log } from './log.ts'

/** Tells why the step fails, and makes it fail. */
export function fail(log: Log, title: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  log.failure(title, text)
  if (core.isDebug() && error instanceof Error && error.stack) log.debug(error.stack)
  process.exitCode = 1
}
