import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'yaml'
import { INPUTS } from '../../src/settings/inputs.ts'
import { CLOUDS, CREDENTIALS, OPERATIONS, PHASES } from '../../src/settings/settings.ts'

interface Described {
  readonly description?: string
  readonly required?: boolean
  readonly default?: unknown
}

const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as {
  readonly name: string
  readonly description: string
  readonly branding: { readonly icon: string; readonly color: string }
  readonly inputs: Record<string, Described>
  readonly outputs: Record<string, Described>
  readonly runs: Record<string, string>
}

const inputs = Object.entries(action.inputs)

describe('action.yml', () => {
  it('declares the inputs that the code reads, in one order', () => {
    expect(inputs.map(([name]) => name)).toEqual(Object.keys(INPUTS))
  })

  it('declares the defaults that the code has, and nothing as required: which is, depends on the operation', () => {
    const declared = inputs.map(([name, input]) => [name, input.default ?? '', input.required])
    const coded = Object.entries(INPUTS).map(([name, input]) => [name, input.default, false])
    expect(declared).toEqual(coded)
  })

  it('has defaults that the code takes', () => {
    for (const [name, { parse: parser, default: text }] of Object.entries(INPUTS)) {
      if (text === '') continue
      const value = parser(text, (_, rule) => {
        throw new Error(`default of ${name}: ${rule}`)
      })
      expect(value).toBeDefined()
    }
  })

  it('describes every input and output in a sentence, and has nothing else in them', () => {
    for (const [name, { description, ...rest }] of [...inputs, ...Object.entries(action.outputs)]) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^[^\n]+\.$/)])
      expect(['required', 'default']).toEqual(expect.arrayContaining(Object.keys(rest)))
    }
  })

  it.each([
    ['credential', CREDENTIALS],
    ['cloud', CLOUDS],
    ['phases', ['all', ...PHASES]],
    ['operation', OPERATIONS],
    ['role-assignments', ['manage', 'skip']],
    ['hub-app-grant', ['optional', 'required', 'skip']],
    ['enrollment-auth', ['auto', 'sas', 'entra']]
  ])('tells what %s may be', (name, values) => {
    for (const value of values) expect(action.inputs[name]?.description).toContain(`\`${value}\``)
  })

  it('tells of every boolean what true does', () => {
    const booleans = inputs.filter(([, input]) => /^(true|false)$/.test(String(input.default)))
    expect(booleans.length).toBeGreaterThan(0)
    for (const [, input] of booleans) expect(input.description).toMatch(/^`true`.*`false`/)
  })

  it('quotes defaults, which GitHub keeps as text', () => {
    for (const [, input] of inputs) expect(['string', 'undefined']).toContain(typeof input.default)
  })

  it('runs the bundle on Node 24', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' })
  })

  it('has a name, a description and branding that the Marketplace takes', () => {
    expect(action.name).toBe('Provision Azure IoT')
    expect(action.description.length).toBeLessThanOrEqual(125)
    expect([
      'white',
      'black',
      'yellow',
      'blue',
      'green',
      'orange',
      'red',
      'purple',
      'gray-dark'
    ]).toContain(action.branding.color)
    expect(action.branding.icon).toBe('cpu')
  })

  it('emits the ids first', () => {
    const names = Object.keys(action.outputs)
    expect(names.slice(0, 6).every((name) => name.endsWith('-id'))).toBe(true)
    expect(names).toEqual(expect.arrayContaining(['dps-id-scope', 'changed', 'plan', 'result']))
  })
})
