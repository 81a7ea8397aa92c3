import { describe, expect, test } from '@jest/globals'
import { align } from '../../../scripts/coverage/alignment.ts'

describe('a line and what webpack made of it', () => {
  test.each<[string, string, string, string, string]>([
    ['unchanged', 'a ? b() : c', 'b()', 'a ? b() : c', 'b()'],
    ['without `export`', 'const f = () => 1', '() => 1', 'export const f = () => 1', '() => 1'],
    [
      'after a name of another module',
      'const f = (x) => (0,ids/* same */.s)(x, y) ? 1 : 2',
      '1',
      'const f = (x) => same(x, y) ? 1 : 2',
      '1'
    ],
    [
      'from a name of another module on',
      'return a ? (0,ids/* same */.s)(x) : y',
      '(0,ids/* same */.s)(x)',
      'return a ? same(x) : y',
      'same(x)'
    ],
    [
      'up to a name of another module',
      'return a ? b : ids/* same */.s',
      'ids/* same */.s',
      'return a ? b : same',
      'same'
    ],
    ['after a name that was taken', 'src_f(1, () => 2)', '() => 2', 'f(1, () => 2)', '() => 2']
  ])('%s', (_what, made, part, original, originalPart) => {
    const start = made.indexOf(part)
    const { startOf, endOf } = align(made, original)
    expect(original.slice(startOf(start), endOf(start + part.length))).toBe(originalPart)
  })
})
