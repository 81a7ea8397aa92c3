import { describe, expect, test } from '@jest/globals'
import { ERROR_CATALOGUE } from '../../../../src/azure/errors/errorCatalogue.ts'

describe('the catalogue of errors', () => {
  test('has no entry that an earlier one of the same code hides', () => {
    const hidden = ERROR_CATALOGUE.filter((entry, index) =>
      ERROR_CATALOGUE.slice(0, index).some(
        ({ code, pattern }) => code === entry.code && pattern === undefined
      )
    )
    expect(hidden).toEqual([])
  })
})
