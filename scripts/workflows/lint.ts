import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { layAction, workflowsOf } from './checkout.ts'
import { findingsOf } from './languageService.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const RULES = fileURLToPath(new URL('zizmor.yml', import.meta.url))

/** The commands that lint. */
export interface Linters {
  readonly actionlint: string
  readonly zizmor: string
}

/** Texts by their path in the repository that they are linted in. */
type Texts = Readonly<Record<string, string>>

/** Every workflow and action of ours, as if one repository had them all: then `uses: ./` leads somewhere. */
function ours(): Texts {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
  const workflows = (pattern: string, prefix: string) =>
    globSync(pattern, { cwd: ROOT })
      .filter((path) => basename(path) !== 'iot.yml')
      .map((path) => [`.github/workflows/${prefix}${basename(path)}`, read(path)] as const)
  return Object.fromEntries([
    ...workflows('.github/workflows/*.yml', ''),
    // These call each other by their names.
    ...workflows('scripts/workflows/files/*.yml', ''),
    ...workflows('examples/*.yml', 'examples-'),
    ...workflowsOf(read('README.md')).map(
      (text, index) => [`.github/workflows/README-${index + 1}.yml`, text] as const
    ),
    ['.github/actions/backend/action.yml', read('examples/composite/action.yml')],
    ['action.yml', read('action.yml')]
  ])
}

/** One thing wrong for each linter, in a workflow and an action that are otherwise right. */
const MISTAKES: readonly { readonly linter: string; readonly text: string }[] = [
  { linter: 'actionlint', text: 'the `with` of an input that action.yml lacks' },
  { linter: 'zizmor', text: 'an action that is not pinned' },
  { linter: 'language service', text: 'a Node that no runner has' }
]

const WRONG: Texts = {
  '.github/workflows/wrong.yml': `on: push
permissions: {}
jobs:
  wrong:
    runs-on: ubuntu-latest
    steps:
      - uses: other/action@v1
      - uses: ./
        with:
          enviroment: main
`,
  'action.yml': readFileSync(join(ROOT, 'action.yml'), 'utf8').replace('node24', 'node99')
}

/**
 * @returns everything that is found, and each linter that did not find what was planted for it
 */
export async function lint(
  linters: Linters
): Promise<{ readonly findings: readonly string[]; readonly missed: readonly string[] }> {
  const right = await inRepository(ours(), linters)
  const wrong = await inRepository(WRONG, linters)
  return {
    findings: right,
    missed: MISTAKES.filter(
      ({ linter }) => !wrong.some((one) => one.startsWith(`${linter}: `))
    ).map(({ linter, text }) => `${linter} did not find ${text}`)
  }
}

async function inRepository(texts: Texts, linters: Linters): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lint-'))
  try {
    layAction(folder)
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    // Both find the top of a repository by this.
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    return [
      ...actionlint(linters.actionlint, folder),
      ...zizmor(linters.zizmor, folder),
      ...(await findingsOf(folder, texts)).map((text) => `language service: ${text}`)
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}

interface Finding {
  readonly filepath: string
  readonly line: number
  readonly message: string
}

function actionlint(command: string, folder: string): readonly string[] {
  const { stdout, stderr } = spawnSync(command, ['-format', '{{json .}}'], {
    cwd: folder,
    encoding: 'utf8'
  })
  if (stdout === '') throw new Error(`actionlint: ${stderr}`)
  return (JSON.parse(stdout) as readonly Finding[]).map(
    ({ filepath, line, message }) => `actionlint: ${filepath}:${line}: ${message}`
  )
}

interface Audited {
  readonly ident: string
  readonly desc: string
  readonly locations: readonly {
    readonly symbolic: { readonly key: { readonly Local?: { readonly verbatim_path: string } } }
    readonly concrete: { readonly location: { readonly start_point: { readonly row: number } } }
  }[]
}

function zizmor(command: string, folder: string): readonly string[] {
  const args = ['--offline', '--no-progress', '--quiet', '--strict-collection', '--format', 'json']
  const { stdout, stderr } = spawnSync(command, [...args, '--config', RULES, '.'], {
    cwd: folder,
    encoding: 'utf8'
  })
  if (stdout === '') throw new Error(`zizmor: ${stderr}`)
  return (JSON.parse(stdout) as readonly Audited[]).map(({ ident, desc, locations }) => {
    const where = locations
      .slice(0, 1)
      .map(
        ({ symbolic, concrete }) =>
          `${symbolic.key.Local?.verbatim_path}:${concrete.location.start_point.row + 1}`
      )
    return `zizmor: ${where}: ${ident}: ${desc}`
  })
}
