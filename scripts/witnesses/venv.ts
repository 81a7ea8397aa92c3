import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where software that others wrote lies, next to node_modules: kept between runs, ignored by git. */
export const WITNESSES = fileURLToPath(new URL('../../.witnesses/', import.meta.url))

const VENV = `${WITNESSES}venv`
const PYTHON = `${VENV}/bin/python`

/** Prints the installed version of each package that is named, one a line, empty where there is none. */
const VERSIONS = `
import importlib.metadata as metadata, sys
for name in sys.argv[1:]:
    try: print(metadata.version(name))
    except metadata.PackageNotFoundError: print()
`

/**
 * Makes the virtual environment hold these packages of PyPI, at exactly these versions; what is there already stays.
 *
 * @param packages versions by name
 * @returns the folder of the commands that they bring
 * @throws Error when Python is missing or a package cannot be had
 */
export function installed(packages: Readonly<Record<string, string>>): string {
  if (!existsSync(PYTHON)) {
    mkdirSync(WITNESSES, { recursive: true })
    run('python3', ['-m', 'venv', VENV])
  }
  const names = Object.keys(packages)
  const versions = run(PYTHON, ['-c', VERSIONS, ...names]).split('\n')
  const missing = names.filter((name, index) => versions[index] !== packages[name])
  if (missing.length > 0) {
    const wanted = missing.map((name) => `${name}==${packages[name]}`)
    run(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted])
  }
  return `${VENV}/bin`
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
