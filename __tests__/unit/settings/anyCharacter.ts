import fc from 'fast-check'

const LAST_BEFORE_SURROGATES = 0xd7ff
const FIRST_AFTER_SURROGATES = 0xe000
const LAST = 0x10ffff

/**
 * Any character of Unicode, assigned or not, as a unit of strings. It is fast-check's `binary`, which first puts all
 * 1.1 million of them into a map: two seconds for each file that draws one.
 */
export const anyCharacter = fc
  .oneof(
    { weight: LAST_BEFORE_SURROGATES + 1, arbitrary: fc.nat(LAST_BEFORE_SURROGATES) },
    {
      weight: LAST - FIRST_AFTER_SURROGATES + 1,
      arbitrary: fc.integer({ min: FIRST_AFTER_SURROGATES, max: LAST })
    }
  )
  .map((code) => String.fromCodePoint(code))
