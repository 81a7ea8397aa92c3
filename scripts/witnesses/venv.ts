import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where software that others wrote lies, next to node_modules: kept between runs, ignored by git. */
export const WITNESSES = fileURLToPath(new URL('../../.witnesses/', import.meta.url))

/** Prints the installed version of each package that is named, one a line, empty where there is none. */
const VERSIONS = `
import importlib.metadata as metadata, sys
for name in sys.argv[1:]:
    try: print(metadata.version(name))
    except metadata.PackageNotFoundError: print()
`

/**
 * Makes a virtual environment hold these packages of PyPI, at exactly these versions; what is there already stays.
 *
 * @param packages versions by name
 * @param name of the environment: packages that want different versions of a third need one each
 * @returns the folder of the commands that they bring
 * @throws Error when Python is missing or a package cannot be had
 */
export function installed(packages: Readonly<Record<string, string>>, name = 'venv'): string {
  const bin = `${WITNESSES}${name}/bin`
  const python = `${bin}/python`
  if (!existsSync(python)) {
    mkdirSync(WITNESSES, { recursive: true })
    run('python3', ['-m', 'venv', `${WITNESSES}${name}`])
  }
  const names = Object.keys(packages)
  const versions = run(python, ['-c', VERSIONS, ...names]).split('\n')
  const missing = names.filter((one, index) => versions[index] !== packages[one])
  if (missing.length > 0) {
    const wanted = missing.map((one) => `${one}==${packages[one]}`)
    run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...wanted])
  }
  return bin
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
