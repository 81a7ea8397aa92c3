import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { WITNESSES } from './venv.ts'

const BIN = `${WITNESSES}go/bin`

/**
 * Builds a command from its Go module, unless that version is there already.
 *
 * @param path of the command's package, as in `example.org/tool/cmd/tool`
 * @param version as in `v1.2.3`, which the command's own `--version` has to tell
 * @returns the path of the command
 * @throws Error when Go is missing or the module cannot be had
 */
export function goTool(path: string, version: string): string {
  const command = `${BIN}/${path.split('/').at(-1)}`
  if (versionOf(command) !== version) {
    mkdirSync(BIN, { recursive: true })
    execFileSync('go', ['install', `${path}@${version}`], {
      env: { ...process.env, GOBIN: BIN },
      stdio: ['ignore', 'ignore', 'inherit']
    })
  }
  return command
}

/** The first word that the command says of its version, or undefined when there is no such command. */
function versionOf(command: string): string | undefined {
  try {
    const told = execFileSync(command, ['--version'], { encoding: 'utf8' })
    return told.split(/\s/)[0]
  } catch {
    return undefined
  }
}
