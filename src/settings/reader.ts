import { existsSync, readFileSync } from 'node:fs'
import * as core from '@actions/core'
import { readJobFile } from './configFile.ts'
import type { InputReader } from './form.ts'

const PREFIX = 'INPUT_'

/** The runner's inputs. */
export async function actionInputs(): Promise<InputReader> {
  const yaml = core.getInput('config').trim() === '' ? undefined : await import('yaml')
  return {
    yaml,
    input: (name) => core.getInput(name),
    env: process.env,
    event: readEvent(process.env.GITHUB_EVENT_PATH),
    file: (path) => readJobFile(path, process.env),
    names: () =>
      Object.keys(process.env)
        .filter((name) => name.toUpperCase().startsWith(PREFIX))
        .map((name) => name.slice(PREFIX.length))
  }
}

/** What set the workflow off. The runner's library tells it as well, and brings all that speaks to GitHub with it. */
function readEvent(path: string | undefined): Readonly<Record<string, unknown>> {
  return path && existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}
