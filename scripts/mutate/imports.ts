import { globSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import path from 'node:path'

/**
 * The unit tests of a source: those that mirror its path, and those that import it themselves. What any other notices by way
 * of something else is luck, and no test of it.
 *
 * @param root the repository
 * @returns the unit tests of a source, by paths from the root
 */
export function testsBySource(root: string): (file: string) => readonly string[] {
  const tests = globSync('__tests__/unit/**/*.test.ts', { cwd: root }).toSorted()
  const imports = new Map(tests.map((test) => [test, importsOf(root, test)]))
  return (file) => {
    const mirror = file.replace(/^src/, '__tests__/unit').replace(/\.ts$/, '')
    return tests.filter(
      (test) => isPartOf(test, mirror) || imports.get(test)?.includes(file) === true
    )
  }
}

/** `linkWrite.test.ts` is a part of the tests of `link.ts`. */
function isPartOf(test: string, mirror: string): boolean {
  return test.startsWith(mirror) && /^([A-Z]\w*)?\.test\.ts$/.test(test.slice(mirror.length))
}

/** What is imported for its types alone is gone with them. */
function importsOf(root: string, file: string): readonly string[] {
  const code = stripTypeScriptTypes(readFileSync(path.join(root, file), 'utf8'))
  return [...code.matchAll(/(?:from|import\()\s*'(\.[^']+\.ts)'/g)].flatMap(([, target]) =>
    target ? [path.join(path.dirname(file), target)] : []
  )
}
