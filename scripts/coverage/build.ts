import {
  cpSync,
  globSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'
import { bundle } from '../bundle.ts'

/** An import of another source; a name of the same length keeps every position. */
const IMPORT = /(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g

/**
 * Bundles the sources into `folder/bundle`, each file with its map beside it. Types are only blanked out and nothing is made
 * small, so that every piece of code is found in its source letter by letter.
 *
 * @param root of the repository
 * @param folder is emptied
 * @returns the code of each source, by its path from `root`: at the positions of the source
 */
export async function buildForCoverage(
  root: string,
  folder: string
): Promise<ReadonlyMap<string, string>> {
  rmSync(folder, { recursive: true, force: true })
  const sources = new Map<string, string>()
  for (const file of globSync('src/**/*.ts', { cwd: root }).sort()) {
    const code = stripTypeScriptTypes(readFileSync(path.join(root, file), 'utf8'))
    sources.set(file, code)
    write(path.join(folder, compiled(file)), code.replace(IMPORT, '$1$2.js$1'))
  }
  // Its paths start from where it lies.
  cpSync(path.join(root, 'tsconfig.bundle.json'), path.join(folder, 'tsconfig.json'))
  // Some packages are imported by their paths.
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
  write(path.join(folder, 'package.json'), JSON.stringify({ type: 'module' }))
  const { code, map, assets } = await bundle(
    path.join(folder, compiled('src/index.ts')),
    path.join(folder, 'tsconfig.json'),
    { sourceMap: true }
  )
  const made = { 'index.js': { source: code }, 'index.js.map': { source: map ?? '' }, ...assets }
  for (const [name, { source }] of Object.entries(made)) {
    // Node would copy a map that it is told of into the coverage of every run.
    const text = String(source).replace(/\n\/\/# sourceMappingURL=\S+$/, '')
    write(path.join(folder, 'bundle', name), text)
  }
  return sources
}

function compiled(file: string): string {
  return file.replace(/^src\//, 'lib/').replace(/\.ts$/, '.js')
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text)
}
