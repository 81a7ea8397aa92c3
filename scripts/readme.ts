// Writes the tables of inputs and outputs into README.md from action.yml: npm run readme
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'

const ACTION = new URL('../action.yml', import.meta.url)
const README = new URL('../README.md', import.meta.url)

interface Described {
  readonly description: string
  readonly default?: string
  readonly required?: boolean
}

/** README.md with its generated parts as action.yml has them now. */
export function renderedReadme(): string {
  const action = parse(readFileSync(ACTION, 'utf8')) as Record<
    'inputs' | 'outputs',
    Record<string, Described>
  >
  const inputs = table(
    ['Input', 'Default', 'Meaning'],
    Object.entries(action.inputs).map(([name, { description, default: text, required }]) => [
      `\`${name}\`${required ? ' (required)' : ''}`,
      text === undefined ? '' : `\`${text}\``,
      description
    ])
  )
  const outputs = table(
    ['Output', 'Meaning'],
    Object.entries(action.outputs).map(([name, { description }]) => [`\`${name}\``, description])
  )
  return between(between(readFileSync(README, 'utf8'), 'inputs', inputs), 'outputs', outputs)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: made by scripts/readme.ts -->`, `<!-- end of ${name} -->`]
  const [before, rest] = text.split(start)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`README.md has no part between ${start} and ${end}`)
  return `${before}${start}\n${content}\n${end}${after}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(README, renderedReadme())
}
