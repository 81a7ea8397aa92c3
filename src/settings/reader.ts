import * as core from '@actions/core'
import { context } from '@actions/github'
import { readJobFile } from './configFile.ts'
import type { InputReader } from './form.ts'

const PREFIX = 'INPUT_'

/** The runner's inputs. */
export function actionInputs(): InputReader {
  return {
    input: (name) => core.getInput(name),
    env: process.env,
    event: context.payload,
    file: (path) => readJobFile(path, process.env),
    names: () =>
      Object.keys(process.env)
        .filter((name) => name.toUpperCase().startsWith(PREFIX))
        .map((name) => name.slice(PREFIX.length))
  }
}
