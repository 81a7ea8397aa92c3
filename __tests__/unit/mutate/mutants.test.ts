import { describe, expect, test } from '@jest/globals'
import { mutantsOf, mutated, switchable } from '../../../scripts/mutate/mutants.ts'
import { switchOn } from '../../../scripts/mutate/switch.ts'

const mutantsIn = (source: string, awaiting: readonly string[] = []) =>
  mutantsOf(source, awaiting).map(({ before, after }) => `${before} → ${after}`)

describe('mutants', () => {
  test.each<[string, string, readonly string[]]>([
    ['of equality', 'a === b', ['a === b → ((a) !== (b))']],
    ['of order', 'a < b', ['a < b → ((a) <= (b))', 'a < b → ((a) >= (b))']],
    ['of both sides', 'a && b', ['a && b → ((a) || (b))']],
    ['of a default', 'a ?? b', ['a ?? b → ((a) && (b))']],
    ['of a chain', 'a ?? b ?? c', ['a ?? b ?? c → ((a ?? b) && (c))', 'a ?? b → ((a) && (b))']],
    ['of a negation', '!a', ['!a → (a)']],
    ['of a condition', 'a ? b : c', ['a → true', 'a → false']],
    ['of a loop, which must end', 'while (a) b()', ['a → false']],
    ['of arithmetic are none', 'a + b', []],
    ['of types are none', 'const f = <T extends A | undefined>(a: T) => a', []]
  ])('%s', (_what, source, found) => {
    expect(mutantsIn(source)).toEqual(found)
  })

  test.each<[string, string, readonly string[], number]>([
    ['does itself are none', 'async function f() { if (a) b() }', [], 0],
    ['does itself are some where it is named', 'async function f() { if (a) b() }', ['f'], 2],
    ['does itself are some by the name of its constant', 'const f = async () => !a', ['f'], 1],
    ['asks a function in it are some', 'async function f() { g((x) => !x) }', [], 1]
  ])('of what an async function %s', (_what, source, awaiting, count) => {
    expect(mutantsIn(source, awaiting)).toHaveLength(count)
  })

  test('are told with their line', () => {
    expect(mutantsOf('a()\n\nb(!c)').map(({ line }) => line)).toEqual([3])
  })
})

describe('a source with its mutants', () => {
  const SOURCE = 'const f = (a: number, b: number): string => (a > 1 && a < b ? "in" : "out")'
  const run = (code: string): readonly string[] => {
    const f = new Function(code)() as (a: number, b: number) => string
    return [f(1, 3), f(2, 3), f(3, 3)].map(String)
  }

  test('does what it did while none is switched on, and else what that one does', () => {
    const mutants = mutantsOf(SOURCE)
    const all = switchable(SOURCE, mutants)
    switchOn(-1)
    expect(run(`${all}; return f`)).toEqual(['out', 'in', 'out'])
    for (const [number, mutant] of mutants.entries()) {
      switchOn(number)
      expect(run(`${all}; return f`)).toEqual(run(`${mutated(SOURCE, mutant)}; return f`))
    }
    expect(mutants).toHaveLength(7)
  })
})
