import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One request and its answer, as the scenarios record them. */
export interface Exchange {
  readonly method: string
  readonly host: string
  readonly url: string
  /** 0 when none was sent. */
  readonly status: number
  /** The kind of fault that it met. */
  readonly fault?: string
  readonly requestHeaders: Readonly<Record<string, string>>
  readonly requestBody?: unknown
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly responseBody?: unknown
}

export interface Recording {
  readonly scenario: string
  readonly exchanges: readonly Exchange[]
}

/** Reads the recordings that the scenarios left behind. */
export function readRecordings(folder: string): readonly Recording[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  } catch {
    names = []
  }
  if (names.length === 0) {
    throw new Error(
      `${folder} holds no recordings: run \`npm test\` first, its scenarios make them`
    )
  }
  return names.sort().map((name) => ({
    scenario: name.replace(/\.json$/, ''),
    exchanges: JSON.parse(readFileSync(join(folder, name), 'utf8')) as Exchange[]
  }))
}
