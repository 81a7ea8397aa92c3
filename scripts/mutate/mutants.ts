import { stripTypeScriptTypes } from 'node:module'
import { type Node, parse } from 'acorn'
import { SWITCH } from './switch.ts'

/** One comparison made another. Offsets are those of the TypeScript source, which stripping its types keeps. */
export interface Mutant {
  readonly start: number
  readonly end: number
  /** Line of the source, counting from 1. */
  readonly line: number
  readonly before: string
  readonly after: string
}

/** What each operator becomes, one mutant each. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '===': ['!=='],
  '!==': ['==='],
  '==': ['!='],
  '!=': ['=='],
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&']
}

/** As far as it is read here: acorn has a type for each kind of node, and all have the same few parts. */
interface Part extends Node {
  readonly operator?: string
  readonly prefix?: boolean
  readonly left?: Part
  readonly right?: Part
  readonly argument?: Part
  readonly test?: Part
  readonly async?: boolean
  readonly id?: { readonly name?: string } | null
}

/**
 * Every mutant of a source: comparisons, `&&`, `||`, `??`, `!`, and conditions that always or never hold. What awaits is no
 * pure code, and whole runs tell whether it is right: what an async function does itself is left out, while the functions in
 * it, such as the one that says which failures pass, are not.
 *
 * @param awaiting names of async functions that decide something all the same
 */
export function mutantsOf(source: string, awaiting: readonly string[] = []): readonly Mutant[] {
  const code = stripTypeScriptTypes(source)
  const mutants: Mutant[] = []
  const text = ({ start, end }: Part) => code.slice(start, end)
  const add = (part: Part, after: string) => {
    const { start, end } = part
    const line = code.slice(0, start).split('\n').length
    mutants.push({ start, end, line, before: text(part), after })
  }
  const mutate = (part: Part) => {
    const { type, operator = '', left, right, argument, test } = part
    if (left && right && ['BinaryExpression', 'LogicalExpression'].includes(type)) {
      for (const other of OPERATORS[operator] ?? [])
        add(part, `((${text(left)}) ${other} (${text(right)}))`)
    }
    if (type === 'UnaryExpression' && operator === '!' && argument) add(part, `(${text(argument)})`)
    // A loop that never ends is found by nothing but a clock.
    const loop = type === 'WhileStatement' || type === 'ForStatement'
    if (test && type !== 'SwitchCase')
      for (const held of loop ? ['false'] : ['true', 'false']) add(test, held)
  }
  const walk = (part: Part, waits: boolean) => {
    if (!waits) mutate(part)
    for (const child of childrenOf(part)) {
      const named = awaiting.includes(nameIn(part) ?? nameIn(child) ?? '')
      walk(child, isFunction(child) ? child.async === true && !named : waits)
    }
  }
  walk(parse(code, { ecmaVersion: 'latest', sourceType: 'module' }) as Part, false)
  return mutants
}

/** The source with one mutant in place, without its types. */
export function mutated(source: string, { start, end, after }: Mutant): string {
  const code = stripTypeScriptTypes(source)
  return code.slice(0, start) + after + code.slice(end)
}

/** A piece of code, and what each of its mutants would have there. */
interface Place {
  readonly start: number
  readonly end: number
  readonly choices: string[]
}

/** The source with all of its mutants, each behind a switch, without its types. */
export function switchable(source: string, mutants: readonly Mutant[]): string {
  const code = stripTypeScriptTypes(source)
  const places = new Map<string, Place>()
  for (const [number, { start, end, after }] of mutants.entries()) {
    const key = `${start} ${end}`
    const place = places.get(key) ?? { start, end, choices: [] }
    places.set(key, place)
    place.choices.push(`${SWITCH} === ${number} ? (${after}) : `)
  }
  /** The code from one offset to another. @param inside places in it, the outermost first where they begin together */
  const render = (from: number, to: number, inside: readonly Place[]): string => {
    let [text, at] = ['', from]
    for (const place of inside) {
      const { start, end, choices } = place
      if (start < at) continue
      const within = inside.filter((one) => one !== place && one.start >= start && one.end <= end)
      text += `${code.slice(at, start)}(${choices.join('')}(${render(start, end, within)}))`
      at = end
    }
    return text + code.slice(at, to)
  }
  const outermostFirst = [...places.values()].toSorted((a, b) => a.start - b.start || b.end - a.end)
  return render(0, code.length, outermostFirst)
}

function childrenOf(part: Part): readonly Part[] {
  return Object.values(part)
    .flat()
    .filter((one): one is Part => typeof one?.type === 'string' && typeof one.start === 'number')
}

function isFunction({ type }: Part): boolean {
  return /^(ArrowFunctionExpression|FunctionExpression|FunctionDeclaration)$/.test(type)
}

/** The name that a function is declared, assigned or defined by. */
function nameIn({ id }: Part): string | undefined {
  return id?.name
}
