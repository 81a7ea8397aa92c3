import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readSettings } from '../../../src/settings/inputs.ts'
import { INPUT_NAMES } from '../../../src/settings/inputTable.ts'
import { InputError } from '../../../src/settings/problems.ts'
import { anyCharacter } from './anyCharacter.ts'
import { REQUIRED, RUNNER, reader } from './fakeInputs.ts'

const hostile = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 300 }),
  fc.constantFrom(
    'true',
    'all',
    'destroy',
    'sweep',
    '7d',
    'default=30',
    '::set-output name=x::y',
    '__proto__',
    '\u0000',
    '/subscriptions/x/resourceGroups/y/providers/z/a/b'
  )
)

it('inputs and config files of any kind end in settings or in named problems, 10,000 times', () => {
  const given = fc.dictionary(fc.constantFrom(...INPUT_NAMES), hostile, { maxKeys: 12 })
  let refused = 0
  fc.assert(
    fc.property(given, hostile, fc.boolean(), (inputs, file, complete) => {
      const all = complete ? { ...REQUIRED, ...inputs, config: 'iot.yml' } : inputs
      try {
        readSettings(reader(all, RUNNER, { 'iot.yml': file }))
        return true
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        refused++
        const { problems } = error
        return (
          problems.length > 0 && problems.every(({ input, rule }) => input !== '' && rule !== '')
        )
      }
    }),
    { numRuns: 10_000 }
  )
  expect(refused).toBeGreaterThan(1_000)
})
