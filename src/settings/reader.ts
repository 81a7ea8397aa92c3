import { readFileSync } from 'node:fs'
import * as core from '@actions/core'
import { context } from '@actions/github'
import type { InputReader } from './form.ts'

const PREFIX = 'INPUT_'

/** The runner's inputs. */
export function actionInputs(): InputReader {
  return {
    input: (name) => core.getInput(name),
    env: process.env,
    event: context.payload,
    file: (path) => readFileSync(path, 'utf8'),
    names: () =>
      Object.keys(process.env)
        .filter((name) => name.toUpperCase().startsWith(PREFIX))
        .map((name) => name.slice(PREFIX.length))
  }
}
