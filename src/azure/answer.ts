import type { PipelinePolicy } from '@azure/core-rest-pipeline'
import { parseObject } from './errors/azureError.ts'

/** What a user put into a twin is data and no answer: it goes back as it came, nulls included. */
const DATA: ReadonlySet<string> = new Set(['initialTwin'])

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, DATA.has(name) ? inner : withoutNulls(inner)])
  )
}

/**
 * An answer as everything here reads it. Azure leaves out in one answer what it gives as `null` in the next (contract 9.2:
 * `idScope: null`), so `null` is absent wherever it stands. A list that is null has no items; one that is left out is not
 * told, which says nothing of its items.
 */
function read(body: object): unknown {
  return withoutNulls('value' in body ? { ...body, value: body.value ?? [] } : body)
}

/** Every answer of every service goes through here, whichever client asked for it. */
export const answerPolicy: PipelinePolicy = {
  name: 'provisionAnswerPolicy',
  async sendRequest(request, next) {
    const response = await next(request)
    const { bodyAsText } = response
    if (!bodyAsText?.includes('null')) return response
    if (bodyAsText.trim() === 'null') return { ...response, bodyAsText: '' }
    const body = parseObject(bodyAsText)
    return body === undefined ? response : { ...response, bodyAsText: JSON.stringify(read(body)) }
  }
}

/**
 * Azure's words: names of states, kinds and resources. It gives them back as they were written, or as its enumeration has
 * them, or in lower case (contract 2.1), so none is ever compared with `===`.
 */
export function sameText(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase()
}

/** The same for one word among several. */
export function isAmong(words: readonly string[], text: string | undefined): boolean {
  return words.some((word) => sameText(word, text))
}

/** True for an object that has texts of these names: an item of a list without its id, for instance, is none. */
export function hasTexts(item: unknown, names: readonly string[]): boolean {
  if (typeof item !== 'object' || item === null) return false
  const told = new Map<string, unknown>(Object.entries(item))
  return names.every((name) => typeof told.get(name) === 'string')
}
