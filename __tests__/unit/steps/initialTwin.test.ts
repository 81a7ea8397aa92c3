import { expect, test } from '@jest/globals'
import { hasTwin } from '../../../src/steps/initialTwin.ts'

type Twin = Readonly<Record<string, unknown>>

const desired = (value: unknown) => ({ properties: { desired: value } })

test.each<[string, Twin | undefined, Twin, boolean]>([
  ['nothing asked for is had by anything', undefined, {}, true],
  ['nothing asked for is had by a twin', { tags: { a: 1 } }, {}, true],
  ['tags as asked for', { tags: { a: 1 } }, { tags: { a: 1 } }, true],
  ['other tags', { tags: { a: 2 } }, { tags: { a: 1 } }, false],
  ['no tags', {}, { tags: { a: 1 } }, false],
  ['no twin at all', undefined, { tags: { a: 1 } }, false],
  ['tags that are no collection', { tags: 'a' }, { tags: { a: 1 } }, false],
  ['a tag more than asked for', { tags: { a: 1, b: 2 } }, { tags: { a: 1 } }, false],
  ['tags asked to be null', { tags: { a: 1 } }, { tags: null }, true],
  ['tags asked to be a word', { tags: { a: 1 } }, { tags: 'x' }, false],
  ['tags asked to be a list', { tags: { a: 1 } }, { tags: [] }, false],
  [
    'no tags asked for, and bookkeeping there',
    { tags: { $version: 1, metadata: {} } },
    { tags: {} },
    true
  ],
  [
    'bookkeeping beside tags',
    { tags: { a: 1, count: 0, $metadata: {} } },
    { tags: { a: 1 } },
    true
  ],
  [
    'a property of a bookkeeping name that was asked for',
    { tags: { version: 2 } },
    { tags: { version: 1 } },
    false
  ],
  ['null as absent, as asked for', { tags: { a: 1 } }, { tags: { a: 1, b: null } }, true],
  ['null as absent, as found', { tags: { a: 1, b: null } }, { tags: { a: 1 } }, true],
  [
    'null as absent, deep down and in lists',
    { tags: { a: { b: [1, null] } } },
    { tags: { a: { b: [1], c: null } } },
    true
  ],
  ['another value deep down', { tags: { a: { b: [1, 2] } } }, { tags: { a: { b: [1] } } }, false],
  ['desired properties as asked for', desired({ t: 5 }), desired({ t: 5 }), true],
  ['other desired properties', desired({ t: 6 }), desired({ t: 5 }), false],
  ['properties that are no object', { properties: 'x' }, desired({ t: 5 }), false],
  ['properties asked for without desired ones', desired({ t: 5 }), { properties: {} }, true],
  ['a part that no specification names', { x: { a: 1 } }, { x: { a: 1 } }, true],
  ['another one of those', { x: { a: 2 } }, { x: { a: 1 } }, false],
  ['such a part that is not there', {}, { x: 1 }, false],
  ['such a part asked to be null, and not there', {}, { x: null }, true],
  ['such a part beside those asked for', { x: 1, y: 2 }, { x: 1 }, true],
  ['such a part without a twin', undefined, { x: 1 }, false]
])('a twin: %s', (_what, found, wanted, has) => {
  expect(hasTwin(found, wanted)).toBe(has)
})
