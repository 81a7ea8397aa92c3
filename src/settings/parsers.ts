import { brokenNameRule, type Kind } from './nameRules.ts'
import { nearest } from './nearest.ts'
import type { Complain } from './problems.ts'

/**
 * Text of one input to a value. A parser is only asked about text that is there and trimmed; it complains and returns
 * undefined when the text breaks its rule. None is lenient: what is nearly right is a typo, and a typo must not provision.
 */
export type Parse<T> = (text: string, complain: Complain) => T | undefined

/** YAML 1.2 core schema, as core.getBooleanInput. */
export const boolean: Parse<boolean> = (text, complain) => {
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  complain(text, 'must be true or false')
  return undefined
}

/** Digits only: `Number` also takes `0x10` and `1e2`, `parseInt` takes `30 days`. */
export function integer(least: number, most: number): Parse<number> {
  return (text, complain) => {
    const value = Number(text)
    if (/^[0-9]+$/.test(text) && value >= least && value <= most) return value
    complain(text, `must be a whole number from ${least} to ${most}`)
    return undefined
  }
}

export function choice<const T extends string>(...allowed: readonly T[]): Parse<T> {
  return (text, complain) => {
    const found = allowed.find((word) => word === text)
    if (found === undefined) complain(text, `must be ${anyOf(allowed)}${meant(text, allowed)}`)
    return found
  }
}

/** `all`, or a list separated by commas or lines; the result is in the order of `allowed`. */
export function someOf<const T extends string>(...allowed: readonly T[]): Parse<readonly T[]> {
  return (text, complain) => {
    const words = partsOf(text, /[,\r\n]/)
    if (words.length === 1 && words[0] === 'all') return allowed
    if (words.length === 0) complain(text, `must be all or a list of ${allowed.join(', ')}`)
    words.forEach((word, index) => {
      if (word === 'all') complain(word, 'must stand alone')
      else if (!allowed.some((known) => known === word)) {
        complain(word, `must be all or a list of ${allowed.join(', ')}${meant(word, allowed)}`)
      } else if (words.indexOf(word) < index) complain(word, 'is given twice')
    })
    return allowed.filter((word) => words.includes(word))
  }
}

const UNITS = { d: 24 * 3600 * 1000, h: 3600 * 1000 } as const

/** `7d` or `12h`, in milliseconds; at most a year, so that nothing expires by a typo alone. */
export const duration: Parse<number> = (text, complain) => {
  const [, count, unit] = /^([1-9][0-9]{0,4})([dh])$/.exec(text) ?? []
  const value = Number(count) * UNITS[unit as keyof typeof UNITS]
  if (count !== undefined && value <= 366 * UNITS.d) return value
  complain(text, 'must be a number of days or hours, as in 7d or 12h, and at most 366d')
  return undefined
}

/** A secret is taken as it is and never shown. */
export const secret: Parse<string> = (text, complain) => {
  if (/^\S{1,1000}$/.test(text)) return text
  complain(undefined, 'must be one word; the value is not shown')
  return undefined
}

/** A list separated by lines; a branch name may contain a comma. */
export const names: Parse<readonly string[]> = (text) => linesOf(text)

/** What a plan is known by: the output `plan-digest`. */
export const planDigest: Parse<string> = (text, complain) => {
  if (/^[0-9a-f]{32}$/.test(text)) return text
  complain(text, 'must be the output plan-digest of a plan: 32 hexadecimal digits')
  return undefined
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Lower-cased, so that one id has one spelling. */
export const guid: Parse<string> = (text, complain) => {
  if (GUID.test(text)) return text.toLowerCase()
  // What is no id at all may be a client secret in the wrong place: it is not shown.
  const idLike = /^[0-9a-f{}-]{1,40}$/i.test(text)
  const rule = 'must be a GUID, as in 00000000-0000-0000-0000-000000000000'
  complain(idLike ? text : undefined, idLike ? rule : `${rule}; the value is not shown`)
  return undefined
}

export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** One line of free text that also fits where it goes. */
export function line(most: number): Parse<string> {
  return (text, complain) => {
    const broken = /\p{Control}/u.test(text) || !text.isWellFormed()
    if (!broken && text.length <= most) return text
    complain(text, `must be one line of at most ${most} characters`)
    return undefined
  }
}

/** Azure shows `West Europe` and means `westeurope`; both are taken. */
export const location: Parse<string> = (text, complain) => {
  const normal = text.replace(/[ \t]/g, '').toLowerCase()
  if (/^[a-z][a-z0-9]{1,49}$/.test(normal)) return normal
  complain(text, 'must be an Azure region, as in westeurope')
  return undefined
}

export function resourceName(kind: Kind): Parse<string> {
  return (text, complain) => {
    const rule = brokenNameRule(kind, text)
    if (rule === undefined) return text
    complain(text, rule)
    return undefined
  }
}

/** Lines with something on them. */
export function linesOf(text: string): string[] {
  return partsOf(text, /[\r\n]/)
}

function partsOf(text: string, separator: RegExp): string[] {
  return text
    .split(separator)
    .map((part) => part.trim())
    .filter(Boolean)
}

function anyOf(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${words.at(-1)}` : `${words[0]}`
}

function meant(word: string, known: readonly string[]): string {
  const guess = nearest(word, known)
  return guess === undefined ? '' : ` (did you mean ${guess}?)`
}
