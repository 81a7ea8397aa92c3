import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LIMITS_FILE } from './limits.ts'
import type { Story } from './story.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Examples, and workflows written for this, that no story has: each is there to be run. */
export function untold(stories: readonly Story[]): readonly string[] {
  const told = stories
    .flat()
    .flatMap(({ workflow, files = {} }) => [workflow, ...Object.values(files)])
  return ['examples/**/*.yml', 'scripts/workflows/files/*.yml']
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .filter((path) => ![...told, LIMITS_FILE].includes(path))
}

/** The repository's own workflows, with the actions for which nobody can run them without GitHub. */
export function elsewhere(): readonly string[] {
  return globSync('.github/workflows/*.yml', { cwd: ROOT }).map((path) => {
    const used = readFileSync(`${ROOT}${path}`, 'utf8').matchAll(/uses: *([^\s@]+)@/g)
    const names = new Set([...used].map(([, name]) => name))
    // act lays the folder out itself in the place of a checkout.
    names.delete('actions/checkout')
    return `${path}: downloads ${[...names].join(', ')}`
  })
}
