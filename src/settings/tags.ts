import { LONGEST_TAG_VALUE, OWNER_TAGS, type Tags } from './ownerTags.ts'
import { linesOf } from './parsers.ts'
import type { Complain } from './problems.ts'

const MOST_TAGS = 50
const LONGEST_NAME = 512
const FORBIDDEN = /[<>%&\\?/]/

/** One `name=value` a line; the value may be empty and may itself contain `=`. */
export function parseTags(text: string, complain: Complain): Tags {
  const tags = new Map<string, string>()
  const seen = new Set<string>()
  // Values are left out of the messages: they are free text and may be anything.
  for (const line of linesOf(text)) {
    const at = line.indexOf('=')
    const name = (at < 0 ? line : line.slice(0, at)).trim()
    const value = line.slice(at + 1).trim()
    const rule =
      at < 1 || name === '' ? 'must be name=value, one per line' : brokenRule(name, value)
    if (rule !== undefined) complain(name, rule)
    else if (seen.has(fold(name))) complain(name, 'is given twice; tag names ignore case')
    else tags.set(name, value)
    seen.add(fold(name))
  }
  const room = MOST_TAGS - OWNER_TAGS.length
  if (tags.size > room) {
    complain(
      `${tags.size} tags`,
      `at most ${room}: Azure allows ${MOST_TAGS}, ${OWNER_TAGS.length} are the action's own`
    )
  }
  return Object.fromEntries(tags)
}

function brokenRule(name: string, value: string): string | undefined {
  if (OWNER_TAGS.some((own) => own === fold(name)))
    return 'is reserved: the action uses it to tell whose a resource is'
  if (name.length > LONGEST_NAME) return `a tag name has at most ${LONGEST_NAME} characters`
  if (FORBIDDEN.test(name)) return 'a tag name must not contain any of < > % & \\ ? /'
  if (value.length > LONGEST_TAG_VALUE) {
    return `a tag value has at most ${LONGEST_TAG_VALUE} characters, not ${value.length}`
  }
  return undefined
}

const fold = (name: string) => name.toLowerCase()
