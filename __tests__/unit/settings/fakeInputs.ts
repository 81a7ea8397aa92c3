import * as yaml from 'yaml'
import type { InputReader } from '../../../src/settings/form.ts'
import { readSettings } from '../../../src/settings/inputs.ts'
import type { EnvironmentSettings } from '../../../src/settings/settings.ts'

export const SUBSCRIPTION = '11111111-1111-1111-1111-111111111111'
export const TENANT = '22222222-2222-2222-2222-222222222222'
export const CLIENT = '33333333-3333-3333-3333-333333333333'

export const REQUIRED = {
  'client-id': CLIENT,
  'tenant-id': TENANT,
  'subscription-id': SUBSCRIPTION,
  environment: 'main'
}

export const RUNNER = {
  GITHUB_REPOSITORY: 'octo/thermostat',
  GITHUB_REPOSITORY_ID: '4711',
  GITHUB_REF: 'refs/heads/main'
}

/** A reader as the runner's: names are upper-cased with underscores for blanks, and `env` is apart. */
export function reader(
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>> = RUNNER,
  files: Readonly<Record<string, string>> = {}
): InputReader {
  const key = (name: string) => name.replaceAll(' ', '_').toUpperCase()
  const stored = new Map(Object.entries(inputs).map(([name, value]) => [key(name), value]))
  return {
    input: (name) => stored.get(key(name)) ?? '',
    env,
    yaml,
    file: (path) => {
      const text = Object.hasOwn(files, path) ? files[path] : undefined
      if (text === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' })
      return text
    },
    names: () => [...stored.keys()]
  }
}

/** The settings of a run that is about one environment. */
export function readOne(source: InputReader): EnvironmentSettings {
  const settings = readSettings(source)
  if (settings.operation === 'sweep') throw new Error('a sweep is about no single environment')
  return settings
}
