// Runs the commands of the documents' shell blocks, as they stand there, in a fresh clone: npm run readme:commands
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { azCommands, azMentioned, notTaken } from './documents/azCommands.ts'
import { AZURE_CLI } from './witnesses/azureCli.ts'
import { installed } from './witnesses/venv.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** Why a command is not run here; every other is. */
const ELSEWHERE: readonly (readonly [RegExp, string])[] = [
  [/^([A-Z]+=\S+ |npm ci && )?npm test\b/, 'what .ci/run itself runs'],
  [/^npm run (test:exhaustive|test:quick|lint|conformance)\b/, 'what .ci/run itself runs'],
  [/^\.ci\/run\b|readme:commands/, 'what runs this'],
  [/^npm run (interop|workflows)\b/, 'what .ci/run itself runs'],
  [/^npm run bench\b/, 'measures, against bounds that only hold on a quiet machine'],
  [/^npm run compare\b/, 'needs a recording'],
  [/^npm run pictures\b/, 'needs a Chromium'],
  [/^npm run (coverage|mutate)\b/, 'takes as long as all of .ci/run, and is for who changes tests'],
  [/^npm run release\b|^git /, 'makes a release'],
  [/\baz \w/, 'needs Azure: read by the parser of az instead'],
  [/^gh /, 'needs GitHub']
]

/** The page that quotes Microsoft's commands, shortened, of an extension that no registry has. */
const MICROSOFTS = 'docs/tutorial-to-action.md'
/** A command that az's parser has to refuse. */
const MISTAKEN = 'az group create --name iot-deploy --locaton westeurope'

/** Seconds that an emulator may take to listen, and any other command to end. */
const LISTENS = 60
const ENDS = 900

/** The commands of the shell blocks: a line each, continued lines joined. */
function commands(page: string): readonly string[] {
  return [...page.matchAll(/^ *```sh\n([\s\S]*?)```/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
      .filter((line) => line !== '')
  )
}

async function run(command: string, folder: string): Promise<number> {
  const [, envFile] = /--env-file (\S+)/.exec(command) ?? []
  // A group of its own: a terminal's Ctrl+C reaches npm and what npm started alike.
  const child = spawn('bash', ['-c', command], { cwd: folder, stdio: 'inherit', detached: true })
  const ended = new Promise<number>((done) => child.on('close', (code) => done(code ?? 1)))
  const stop = (signal: NodeJS.Signals) => process.kill(-(child.pid as number), signal)
  if (envFile === undefined) {
    const late = setTimeout(ENDS * 1_000, 'late' as const, { ref: false })
    const end = await Promise.race([ended, late])
    if (end !== 'late') return end
    stop('SIGKILL')
    return 124
  }
  for (let second = 0; second < LISTENS && child.exitCode === null; second++) {
    if (existsSync(join(folder, envFile))) {
      stop('SIGINT')
      // npm answers a Ctrl+C with 130; that the file is there is what counts.
      await ended
      return 0
    }
    await setTimeout(1_000)
  }
  if (child.exitCode === null) stop('SIGKILL')
  console.error(`${envFile} was never written`)
  return (await ended) || 1
}

const folder = mkdtempSync(join(tmpdir(), 'clone-'))
const failed: string[] = []
let ran = 0
try {
  execFileSync('git', ['clone', '--quiet', root, folder])
  const pages = globSync(['*.md', 'docs/*.md'], { cwd: folder }).toSorted()
  const text = (page: string) => readFileSync(join(folder, page), 'utf8')
  const typed = pages.flatMap((page) => commands(text(page)))
  const forAzure = [
    ...typed.flatMap(azCommands),
    ...pages.filter((page) => page !== MICROSOFTS).flatMap((page) => azMentioned(text(page)))
  ]
  const bin = installed(AZURE_CLI, 'azure-cli')
  failed.push(...notTaken(bin, forAzure))
  if (notTaken(bin, [MISTAKEN]).length !== 1) failed.push(`az takes ${MISTAKEN}`)
  console.log(`commands of az: ${forAzure.length} read by its parser, ${failed.length} not taken`)
  for (const command of new Set(typed)) {
    const [, reason] = ELSEWHERE.find(([pattern]) => pattern.test(command)) ?? []
    if (reason !== undefined) {
      console.log(`not run: ${command} (${reason})`)
      continue
    }
    console.log(`$ ${command}`)
    ran++
    const code = await run(command, folder)
    if (code !== 0) failed.push(`${command}: exit code ${code}`)
  }
  const changed = execFileSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' })
  if (changed !== '') failed.push(`the clone is another than before:\n${changed}`)
} finally {
  rmSync(folder, { recursive: true })
}
for (const one of failed) console.error(one)
console.log(`commands of the documents: ${ran} run, ${failed.length} failed`)
if (failed.length > 0 || ran === 0) process.exitCode = 1
