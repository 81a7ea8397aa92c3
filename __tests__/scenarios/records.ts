import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from '@jest/globals'
import type { Exchange } from '../../emulator/record.ts'

/** Where conformance, and a person, find what the tests did; emptied before each `npm test`. */
const RECORDS = fileURLToPath(new URL('../../.records/', import.meta.url))

/** The name under which the running test keeps what it did. */
export function recordName(): string {
  return (expect.getState().currentTestName ?? 'unnamed').replace(/[^a-z0-9]+/gi, '-').slice(0, 150)
}

/** Keeps what a test sent and was answered for conformance, and for a person the same as a text where there is one. */
export function writeRecord(name: string, exchanges: readonly Exchange[], text?: string): void {
  mkdirSync(RECORDS, { recursive: true })
  writeFileSync(`${RECORDS}${name}.json`, JSON.stringify(exchanges, undefined, 1))
  if (text !== undefined) writeFileSync(`${RECORDS}${name}.txt`, text)
}
