import { ArmError } from './armError.ts'
import { matches } from './wildcard.ts'

/** What a condition on a role assignment is asked about: an action, and the role assignment that it makes or removes. */
export interface Attempt {
  readonly action: string
  /** Attributes of the role assignment to be written, by lower-case name. */
  readonly request?: Attributes
  /** Attributes of the role assignment to be deleted, by lower-case name. */
  readonly resource?: Attributes
}

export type Attributes = Readonly<Record<string, string | undefined>>

export type Condition = (attempt: Attempt) => boolean

const TOKEN =
  /\s*(?:(&&|\|\||[(){},!])|'([^']*)'|@(Request|Resource)\[Microsoft\.Authorization\/roleAssignments:(\w+)\]|([\w:-]+))/iy

const ATTRIBUTES = ['roledefinitionid', 'principalid', 'principaltype']

/** How one value of the attribute compares with one in braces. */
const COMPARISONS: Readonly<Record<string, (left: string, right: string) => boolean>> = {
  guidequals: (left, right) => guid(left) === guid(right),
  guidnotequals: (left, right) => guid(left) !== guid(right),
  stringequals: (left, right) => left === right,
  stringnotequals: (left, right) => left !== right,
  stringequalsignorecase: (left, right) => left.toLowerCase() === right.toLowerCase(),
  stringnotequalsignorecase: (left, right) => left.toLowerCase() !== right.toLowerCase()
}

/** The attribute of a role definition is its GUID, also where a request has the whole id. */
const guid = (text: string): string => text.toLowerCase().split('/').at(-1) ?? ''

interface Token {
  readonly text: string
  readonly kind: 'sign' | 'string' | 'attribute' | 'word'
  readonly source?: 'request' | 'resource'
}

/**
 * Reads the part of Azure's condition language (version 2.0) that speaks of role assignments: Microsoft, "Azure role
 * assignment condition format and syntax" and "Authorization actions and attributes".
 *
 * @throws ArmError 400 on whatever else it is; the code is [INF]
 */
export function readCondition(text: string): Condition {
  const tokens = split(text)
  let at = 0
  const peek = (): string => tokens[at]?.text.toLowerCase() ?? ''
  const isSign = (...signs: readonly string[]): boolean =>
    ['sign', 'word'].includes(tokens[at]?.kind ?? '') && signs.includes(peek())
  const take = (kind?: Token['kind'], sign?: string): Token => {
    const token = tokens[at++]
    if (token === undefined) throw invalid(text, 'it ends too early')
    const fits = (!kind || token.kind === kind) && (!sign || token.text === sign)
    return fits ? token : fail(token)
  }
  const fail = (token: Token): never => {
    throw invalid(text, `'${token.text}' is not expected`)
  }

  const expression = (): Condition => {
    const parts = [operand()]
    const joint = isSign('and', '&&') ? ['and', '&&'] : ['or', '||']
    while (isSign(...joint)) {
      at++
      parts.push(operand())
    }
    // Which of AND and OR goes first is for parentheses to say ("Grouping and precedence").
    if (isSign('and', '&&', 'or', '||')) fail(take())
    return joint[0] === 'and'
      ? (attempt) => parts.every((part) => part(attempt))
      : (attempt) => parts.some((part) => part(attempt))
  }

  const operand = (): Condition => {
    if (isSign('!', 'not')) {
      at++
      const inner = operand()
      return (attempt) => !inner(attempt)
    }
    if (isSign('(')) {
      at++
      const inner = expression()
      take('sign', ')')
      return inner
    }
    if (isSign('actionmatches')) {
      at++
      const patterns = values()
      return ({ action }) => patterns.some((pattern) => matches(pattern, action))
    }
    return comparison()
  }

  const comparison = (): Condition => {
    const attribute = take('attribute')
    const operator = take('word')
    const [, left, right, name = ''] =
      /^for(any|all)of(any|all)values:(\w+)$/i.exec(operator.text) ?? []
    const compare = COMPARISONS[name.toLowerCase()]
    const known = ATTRIBUTES.includes(attribute.text.toLowerCase())
    if (!known) return fail(attribute)
    if (left === undefined || compare === undefined) return fail(operator)
    const given = values()
    const all = right?.toLowerCase() === 'all'
    return (attempt) => {
      const value = attempt[attribute.source ?? 'request']?.[attribute.text.toLowerCase()]
      // What is not there fulfils nothing [INF]. An attribute here has one value: any of it is all of it.
      if (value === undefined) return false
      return all
        ? given.every((one) => compare(value, one))
        : given.some((one) => compare(value, one))
    }
  }

  const values = (): readonly string[] => {
    take('sign', '{')
    const found = [value()]
    while (isSign(',')) {
      at++
      found.push(value())
    }
    take('sign', '}')
    return found
  }
  const value = (): string => {
    const token = take()
    return token.kind === 'string' || token.kind === 'word' ? token.text : fail(token)
  }

  const condition = expression()
  if (at < tokens.length) fail(take())
  return condition
}

function split(text: string): readonly Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  while (pattern.lastIndex < text.trimEnd().length) {
    const from = pattern.lastIndex
    const [found, sign, string, source, attribute, word] = pattern.exec(text) ?? []
    if (found === undefined) throw invalid(text, `'${text.slice(from).trim()}' is not understood`)
    if (sign !== undefined) tokens.push({ text: sign, kind: 'sign' })
    else if (string !== undefined) tokens.push({ text: string, kind: 'string' })
    else if (attribute !== undefined)
      tokens.push({
        text: attribute,
        kind: 'attribute',
        source: source?.toLowerCase() as 'request' | 'resource'
      })
    else tokens.push({ text: word ?? '', kind: 'word' })
  }
  return tokens
}

function invalid(text: string, why: string): ArmError {
  return new ArmError(400, 'InvalidCondition', `The condition '${text}' is not valid: ${why}.`)
}
