import type * as library from 'yaml'
import type { LineCounter, Node, Scalar } from 'yaml'
import { nearest } from '../nearest.ts'
import type { Parse } from '../parsers.ts'
import { printable } from '../problems.ts'

/** The library that reads YAML. Only a run with a config file loads it: it is a third of what is read before the first request. */
export type Yaml = typeof library

/** Where a value of the file stands, and who hears of what is wrong with it. */
export interface Place {
  readonly yaml: Yaml
  readonly lines: LineCounter
  report(node: Node | null | undefined, value: string | undefined, rule: string): void
}

/** One value of the file: how it is read, and how JSON Schema describes it to editors. */
export interface Field<T> {
  readonly schema: Readonly<Record<string, unknown>>
  /** @returns undefined when it breaks a rule, which has been reported then */
  read(node: Node | null | undefined, place: Place): T | undefined
}

/** A single value as text; `.inf` and `.nan` are none, which would pass for names. */
function textOf(node: Node | null | undefined, yaml: Yaml): string | undefined {
  if (!yaml.isScalar(node) || node.value === null || typeof node.value === 'object')
    return undefined
  if (typeof node.value === 'number' && !Number.isFinite(node.value)) return undefined
  return String(node.value)
}

/** Reports what a node should have been; of an alias, that there are none. */
function refuse(node: Node | null | undefined, place: Place, rule: string): undefined {
  place.report(node, undefined, place.yaml.isAlias(node) ? NO_ALIAS : rule)
}

/** A scalar, read by the parser of an input: file and inputs follow the same rules. */
export function scalar<T>(
  parse: Parse<T>,
  description: string,
  schema: Readonly<Record<string, unknown>> = { type: 'string' }
): Field<T> {
  return {
    schema: { description, ...schema },
    read(node, place) {
      const text = textOf(node, place.yaml)
      if (text === undefined) return refuse(node, place, 'must be a single value')
      return parse(text.trim(), (value, rule) => place.report(node, value, rule))
    }
  }
}

export function list<T>(item: Field<T>, description: string): Field<readonly T[]> {
  return {
    schema: { description, type: 'array', items: item.schema, minItems: 1 },
    read(node, place) {
      if (!place.yaml.isSeq(node) || node.items.length === 0)
        return refuse(node, place, 'must be a list with an item')
      const items = node.items.map((one) => item.read(one as Node, place))
      return items.includes(undefined) ? undefined : (items as T[])
    }
  }
}

type Fields = Readonly<Record<string, Field<unknown>>>
type Read<F extends Fields> = {
  readonly [Name in keyof F]?: (F[Name] extends Field<infer T> ? T : never) | undefined
}

/** Named fields; a name that is not known is refused, with the one that was probably meant. */
export function object<F extends Fields>(
  fields: F,
  description: string,
  required: readonly (keyof F & string)[] = []
): Field<Read<F> & { readonly node: Node }> {
  return {
    schema: {
      description,
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(fields).map(([name, { schema }]) => [name, schema])
      ),
      additionalProperties: false,
      ...(required.length > 0 && { required })
    },
    read(node, place) {
      if (!place.yaml.isMap(node)) return refuse(node, place, NO_MAP)
      const found: Record<string, unknown> = { node }
      for (const { key, value } of node.items) {
        const name = place.yaml.isScalar(key) ? String(key.value) : ''
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined
        if (field === undefined) {
          const guess = nearest(name, Object.keys(fields))
          const hint = guess === undefined ? '' : `; did you mean ${guess}?`
          place.report(key as Node, printable(name), `unknown key${hint}`)
        } else found[name] = field.read(value as Node, place)
      }
      for (const name of required) {
        if (!(name in found)) place.report(node, undefined, `${name} is missing`)
      }
      return found as Read<F> & { node: Node }
    }
  }
}

/** Names with values of the user's own: tags. */
export function texts(description: string): Field<string> {
  return {
    schema: { description, type: 'object', additionalProperties: { type: 'string' } },
    read(node, place) {
      if (!place.yaml.isMap(node)) return refuse(node, place, NO_MAP)
      const lines = node.items.map(({ key, value }) => {
        const text = textOf(value as Node | null, place.yaml)
        if (text === undefined) place.report(value as Node, undefined, 'must be a single value')
        return `${place.yaml.isScalar(key) ? String(key.value) : ''}=${text ?? ''}`
      })
      return lines.join('\n')
    }
  }
}

export type Json = string | number | boolean | null | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/** What the service takes as it is; it allows no deeper twins (Azure IoT device twins nest ten levels). */
const DEEPEST = 12

/** JSON has no infinity and no NaN, and what reads it keeps whole numbers exactly up to 2^53 only. */
function number(node: Scalar, place: Place): number {
  const value = Number(node.value)
  if (!Number.isFinite(value)) {
    place.report(node, node.source, 'is not a JSON value: a number must be finite')
  } else if (/^[-+]?\d+$/.test(node.source ?? '') && !Number.isSafeInteger(value)) {
    place.report(
      node,
      node.source,
      'is too large to be kept exactly: write it as a text, in quotes'
    )
  }
  // There is no -0 once it has been sent.
  return value === 0 ? 0 : value
}

/** Any object, handed on to the service as it is. */
export function json(description: string): Field<JsonObject> {
  const convert = (node: Node | null | undefined, place: Place, depth: number): Json => {
    if (depth > DEEPEST) place.report(node, undefined, `must not nest deeper than ${DEEPEST}`)
    else if (place.yaml.isMap(node)) {
      return Object.fromEntries(
        node.items.map(({ key, value }) => [
          place.yaml.isScalar(key) ? String(key.value) : '',
          convert(value as Node, place, depth + 1)
        ])
      )
    } else if (place.yaml.isSeq(node))
      return node.items.map((one) => convert(one as Node, place, depth + 1))
    else if (place.yaml.isScalar(node) && node.value === null) return null
    else if (place.yaml.isScalar(node) && typeof node.value === 'number') return number(node, place)
    else if (place.yaml.isScalar(node) && ['string', 'boolean'].includes(typeof node.value))
      return node.value as Json
    else if (node)
      place.report(node, undefined, place.yaml.isAlias(node) ? NO_ALIAS : 'is no JSON value')
    return null
  }
  return {
    schema: { description, type: 'object' },
    read(node, place) {
      if (place.yaml.isMap(node)) return convert(node, place, 1) as JsonObject
      place.report(node, undefined, 'must be an object')
      return undefined
    }
  }
}

const NO_MAP = 'must be a list of name: value'

/** An alias can make a small file a huge one; whoever needs one can write the value out. */
const NO_ALIAS = 'must be written out: YAML aliases are not accepted'
