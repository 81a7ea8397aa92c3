import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { BundleFile, sourceOf } from '../../../scripts/coverage/bundleFile.ts'
import { ofSources } from '../../../scripts/coverage/translate.ts'

const A = 'export const a = (x) => x ? same(x) : 2\n'
const B = 'const b = a(1) || 3\n'
const MADE = `(() => {
const a = (x) => x ? (0,ids/* same */.s)(x) : 2
const b = a(1) || 3
})()
`
/** Lines alone, as ncc has them: the second is the first of a, the third the first of b. */
const MAP = {
  version: 3,
  sources: ['.././coverage/lib/a.js', '.././coverage/lib/b.js'],
  names: [],
  mappings: ';AAAA;ACAA;'
}

const rangeIn = (text: string, part: string, count: number) => ({
  startOffset: text.indexOf(part),
  endOffset: text.indexOf(part) + part.length,
  count
})

describe('what was counted in a bundle', () => {
  let folder: string
  let file: BundleFile

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bundle-'))
    writeFileSync(path.join(folder, 'index.js'), MADE)
    writeFileSync(path.join(folder, 'index.js.map'), JSON.stringify(MAP))
    const sources = new Map(Object.entries({ 'src/a.ts': sourceOf(A), 'src/b.ts': sourceOf(B) }))
    file = new BundleFile(path.join(folder, 'index.js'), sources)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('was counted in the sources', () => {
    const whole = MADE.slice(0, MADE.lastIndexOf('()'))
    const arrow = MADE.slice(MADE.indexOf('(x) =>'), MADE.indexOf('\nconst b'))
    const found = ofSources(file, [
      { functionName: '', isBlockCoverage: true, ranges: [rangeIn(MADE, MADE, 1)] },
      {
        functionName: '',
        isBlockCoverage: true,
        ranges: [rangeIn(MADE, whole, 1), rangeIn(MADE, '3', 0)]
      },
      {
        functionName: 'a',
        isBlockCoverage: true,
        ranges: [rangeIn(MADE, arrow, 5), rangeIn(MADE, '(0,ids/* same */.s)(x)', 0)]
      }
    ])
    expect(found.map(({ url, functions }) => [url, functions])).toEqual([
      [
        'src/a.ts',
        [
          { functionName: '', isBlockCoverage: true, ranges: [rangeIn(A, A, 1)] },
          {
            functionName: 'a',
            isBlockCoverage: true,
            ranges: [rangeIn(A, '(x) => x ? same(x) : 2', 5), rangeIn(A, 'same(x)', 0)]
          }
        ]
      ],
      [
        'src/b.ts',
        [
          {
            functionName: '',
            isBlockCoverage: true,
            ranges: [rangeIn(B, B, 1), rangeIn(B, '3', 0)]
          }
        ]
      ]
    ])
  })
})
