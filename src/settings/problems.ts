/** Everything that is wrong with the inputs, told at once: a user should not need one run per mistake. */

export interface Problem {
  /** Name of the input, or of the environment variable that it came from. */
  readonly input: string
  /** The offending text, safe to print; undefined when there is none or it must not be shown. */
  readonly value: string | undefined
  /** What the value has to be. */
  readonly rule: string
}

/** How a parser reports a broken rule; it may do so several times. */
export type Complain = (value: string | undefined, rule: string) => void

/** What gathers the problems of all inputs. */
export type Report = (input: string, value: string | undefined, rule: string) => void

export class InputError extends Error {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
    super([`The inputs have ${count}:`, ...problems.map(line)].join('\n'))
    this.name = 'InputError'
    this.problems = problems
  }
}

export function problem(input: string, value: string | undefined, rule: string): Problem {
  return { input, value: value === undefined ? undefined : shown(value), rule }
}

function line({ input, value, rule }: Problem): string {
  return value === undefined ? `- ${input}: ${rule}` : `- ${input}: ${value}: ${rule}`
}

/** Keys, tokens and connection strings land in the wrong input now and then, and logs are public. */
const SECRET =
  /secret|password|token|(key|sig|signature|pwd)\s*"?\s*[=:]|BEGIN [A-Z ]+|\beyJ|\bgh[a-z]_|\bgithub_pat_|~[\w.~-]{30}|[A-Za-z0-9+/]{43}=/i
const LONGEST = 100

function shown(value: string): string {
  if (SECRET.test(value)) return `(${value.length} characters that look like a secret)`
  return `"${printable(value)}"`
}

/** On one line and without invisible characters, so that no text can pass for another line or a workflow command. */
export function printable(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
  return JSON.stringify(short)
    .slice(1, -1)
    .replace(/[\p{Other}\u2028\u2029]/gu, (hidden) => `\\u{${hidden.codePointAt(0)?.toString(16)}}`)
}
