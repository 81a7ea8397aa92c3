import { isDeepStrictEqual } from 'node:util'
import type { Yaml } from './config/fields.ts'
import { INPUT_NAMES, INPUTS, type InputName, type Values } from './inputTable.ts'
import { nearest } from './nearest.ts'
import { type Problem, printable, problem, type Report } from './problems.ts'

/** Where inputs come from; the real one is in reader.ts. */
export interface InputReader {
  /** Text of an input, '' when it is absent. */
  input(name: string): string
  readonly env: Readonly<Record<string, string | undefined>>
  /** What set the workflow off, as GitHub tells it; empty when it does not. */
  readonly event?: Readonly<Record<string, unknown>>
  /** Text of a file that the job brought along; throws Node's error, or one whose message is the rule that it breaks. */
  file(path: string): string
  /** What the config file is read with; undefined when none is given. */
  readonly yaml?: Yaml | undefined
  /** Names of all INPUT_ variables without that prefix, known or not. */
  names(): string[]
}

/** The inputs read one by one, before anything is asked of two of them together. */
export interface Form {
  readonly values: Values
  /**
   * Does this input ask for something of its own? A runner passes every input of action.yml, with its default where the
   * workflow says nothing, so the default does not count; nor does a variable.
   */
  readonly given: (name: InputName) => boolean
  readonly report: Report
  readonly problems: readonly Problem[]
}

export function fillForm(reader: InputReader): Form {
  const problems: Problem[] = []
  const report: Report = (...args) => void problems.push(problem(...args))
  const parse = (name: InputName): unknown => {
    const input = INPUTS[name]
    const fallback = 'variable' in input ? input.variable : undefined
    const written = reader.input(name).trim()
    const inherited = (fallback && reader.env[fallback]?.trim()) || ''
    const source = written === '' && inherited !== '' ? `${name} (from ${fallback})` : name
    const text = written || inherited
    let value: unknown
    if (text !== '') value = input.parse(text, (part, rule) => report(source, part, rule))
    // A bad value counts as absent from here on, so that it is complained about once.
    if (value === undefined && input.default !== '') value = input.parse(input.default, () => {})
    return value
  }

  const values = Object.fromEntries(INPUT_NAMES.map((name) => [name, parse(name)])) as Values
  const given = (name: InputName) => {
    const standard = INPUTS[name].default
    return (
      reader.input(name).trim() !== '' &&
      (standard === '' ||
        !isDeepStrictEqual(
          values[name],
          INPUTS[name].parse(standard, () => {})
        ))
    )
  }
  reportUnknown(reader, report)
  return { values, given, report, problems }
}

/**
 * The runner passes on whatever stands under `with`, and only warns. An input with a typo must not be ignored: the run
 * would use a default instead. Workflows also pass values to scripts in variables such as INPUT_RELEASE_TAG; a name
 * with an underscore that resembles no input is taken for one of these.
 */
function reportUnknown(reader: InputReader, report: Report): void {
  const known = new Set(INPUT_NAMES.map((name) => name.toUpperCase()))
  for (const name of new Set(reader.names())) {
    if (known.has(name.toUpperCase())) continue
    const guess = nearest(name, INPUT_NAMES)
    if (guess === undefined && name.includes('_')) continue
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`
    const written = printable(name)
    const aside = `If it is a variable of the job, rename INPUT_${written}`
    report(written.toLowerCase(), undefined, `unknown input${hint} (${aside})`)
  }
}
