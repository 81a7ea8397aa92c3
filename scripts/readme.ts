// Writes what the documents take from elsewhere: npm run readme
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parse } from 'yaml'
import { addressed, addressedFiles } from './repository.ts'

const ROOT = new URL('../', import.meta.url)
const REFERENCE = 'docs/reference.md'

interface Described {
  readonly description: string
  readonly default?: string
}

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

/** Every generated document, by its path: its text as action.yml and package.json want it now. */
export function rendered(): ReadonlyMap<string, string> {
  return new Map(
    addressedFiles().map((path) => {
      const text = read(path)
      return [path, addressed(path === REFERENCE ? withTables(text) : text)]
    })
  )
}

/** The reference with the tables of inputs, a section for each comment of action.yml, and of outputs. */
function withTables(text: string): string {
  const source = read('action.yml')
  const { inputs, outputs } = parse(source) as Record<
    'inputs' | 'outputs',
    Record<string, Described>
  >
  const sections = groups(source).map(([title, names]) => {
    const rows = names.map((name) => {
      const { default: value, description } = inputs[name] as Described
      return [`\`${name}\``, value === undefined ? '' : `\`${value}\``, description]
    })
    return `### ${title}\n\n${table(['Input', 'Default', 'Meaning'], rows)}`
  })
  const rows = Object.entries(outputs).map(([name, { description }]) => [
    `\`${name}\``,
    description
  ])
  return between(
    between(text, 'inputs', sections.join('\n\n')),
    'outputs',
    table(['Output', 'Meaning'], rows)
  )
}

/** The inputs in the order of action.yml, below the comment that stands over them. */
function groups(source: string): readonly (readonly [string, readonly string[]])[] {
  const [, inputs = ''] = /^inputs:\n([\s\S]*?)^\S/m.exec(source) ?? []
  return inputs
    .split(/^ {2}# /m)
    .slice(1)
    .map((part) => [
      part.split('\n')[0] as string,
      [...part.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name as string)
    ])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`.replaceAll('|  |', '| |')
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function between(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name}: made by scripts/readme.ts -->`, `<!-- end of ${name} -->`]
  const [before, rest] = text.split(start)
  const after = rest?.split(end)[1]
  if (after === undefined) throw new Error(`${REFERENCE} has no part between ${start} and ${end}`)
  return `${before}${start}\n\n${content}\n\n${end}${after}`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, text] of rendered())
    if (text !== read(path)) writeFileSync(new URL(path, ROOT), text)
}
