import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readSettings } from '../../../src/settings/inputs.ts'
import { INPUT_NAMES } from '../../../src/settings/inputTable.ts'
import { InputError } from '../../../src/settings/problems.ts'
import { REQUIRED, RUNNER, reader } from './fakeInputs.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
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
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        expect(error.problems.length).toBeGreaterThan(0)
        for (const { input, rule } of error.problems) expect([input, rule]).not.toContain('')
        refused++
      }
    }),
    { numRuns: 10_000 }
  )
  expect(refused).toBeGreaterThan(1_000)
})
