import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PARSER = fileURLToPath(new URL('azParser.py', import.meta.url))

/**
 * The commands of az in a line of a shell, those in `$(…)` included.
 *
 * @param line as it is typed, with its continued lines joined
 */
export function azCommands(line: string): readonly string[] {
  const found: string[] = []
  let rest = line
  for (let inner = INNER.exec(rest); inner !== null; inner = INNER.exec(rest)) {
    found.push(inner[1] as string)
    rest = rest.replace(inner[0], 'text')
  }
  return [rest.replace(/^\w+=/, ''), ...found].filter((one) => /^az \w/.test(one))
}
const INNER = /\$\(([^()]*)\)/

/** Commands of az that a page mentions between backticks, with enough of their arguments to be typed. */
export function azMentioned(page: string): readonly string[] {
  return [...page.matchAll(/`(az [^`]* --[^`]*)`/g)]
    .map(([, command]) => command as string)
    .filter((command) => !command.includes('…'))
}

/**
 * What az's own parser says against the commands; none is carried out.
 *
 * @param bin folder of an installed azure-cli
 * @returns one for each command that it does not take
 */
export function notTaken(bin: string, commands: readonly string[]): readonly string[] {
  const home = mkdtempSync(join(tmpdir(), 'az-'))
  try {
    const said = execFileSync(`${bin}/python`, [PARSER], {
      input: JSON.stringify(commands),
      encoding: 'utf8',
      env: { ...process.env, AZURE_CONFIG_DIR: home, AZURE_CORE_COLLECT_TELEMETRY: '0' }
    })
    const complaints = JSON.parse(said) as readonly (string | null)[]
    return complaints.flatMap((text, index) =>
      text === null ? [] : [`${commands[index]}: ${text}`]
    )
  } finally {
    rmSync(home, { recursive: true })
  }
}
