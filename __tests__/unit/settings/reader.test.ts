import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { readSettings } from '../../../src/settings/inputs.ts'
import { actionInputs } from '../../../src/settings/reader.ts'
import { REQUIRED, RUNNER, readOne } from './fakeInputs.ts'

const before = { ...process.env }

beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (/^(INPUT|GITHUB|AZURE)_/.test(name)) delete process.env[name]
  }
  Object.assign(process.env, RUNNER)
})

afterEach(() => {
  process.env = { ...before }
})

describe('actionInputs', () => {
  it('reads what the runner passes', async () => {
    for (const [name, value] of Object.entries(REQUIRED)) {
      process.env[`INPUT_${name.toUpperCase()}`] = `  ${value}\n`
    }
    expect(readOne(await actionInputs()).environment.name).toBe('main')
  })

  it('sees inputs that no one knows', async () => {
    process.env['INPUT_DRY-RUNN'] = 'true'
    const inputs = await actionInputs()
    expect(inputs.names()).toEqual(['DRY-RUNN'])
    expect(() => readSettings(inputs)).toThrow('dry-runn: unknown input; did you mean dry-run?')
  })
})
