// Prepares a release: npm run release -- 1.2.3; prints the notes of a tag, whose version the tree has to be: -- notes v1.2.3
// Nothing but Node is imported: release.yml runs it before anything is installed.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const ROOT = new URL('../', import.meta.url)
const VERSION = /^\d+\.\d+\.\d+$/
/** Where the bundle has its own version. */
const USER_AGENT = 'src/azure/http/version.ts'
const UNRELEASED = '## Unreleased\n'

/**
 * @param version as in `1.2.3`
 * @returns the version's section without its heading
 * @throws Error when there is none, or nothing in it
 */
export function notesOf(changelog: string, version: string): string {
  const [, notes = ''] = changelog.split(
    new RegExp(`^## ${version.replaceAll('.', '\\.')} .*\\n`, 'm')
  )
  const text = notes.split(/^## /m)[0]?.trim()
  if (!text) throw new Error(`CHANGELOG.md has no section with the notes of ${version}`)
  return `${text}\n`
}

/**
 * @param version as in `1.2.3`
 * @param date as in `2026-11-26`
 * @returns the text with what is unreleased as that version's section, below a new and empty one
 * @throws Error when nothing is unreleased, or the version is there
 */
export function released(changelog: string, version: string, date: string): string {
  const [before = '', after] = changelog.split(UNRELEASED)
  if (after === undefined || after.split(/^## /m)[0]?.trim() === '')
    throw new Error('CHANGELOG.md has nothing under "Unreleased"')
  if (changelog.includes(`## ${version} `)) throw new Error(`CHANGELOG.md has ${version} already`)
  return `${before}${UNRELEASED}\n## ${version} – ${date}\n${after}`
}

const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8')

function prepare(version: string): void {
  if (!VERSION.test(version)) throw new Error(`not a version: ${version}`)
  const changelog = released(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10))
  writeFileSync(new URL('CHANGELOG.md', ROOT), changelog)
  for (const path of ['package.json', 'package-lock.json']) {
    const text = read(path).replace(/^( *"version": )"[^"]+"/m, `$1"${version}"`)
    // The lock file has it a second time, for the package at the top.
    const both = text.replace(/("": \{\s+"name": "[^"]+",\s+"version": )"[^"]+"/, `$1"${version}"`)
    writeFileSync(new URL(path, ROOT), both)
  }
  const source = read(USER_AGENT).replace(/(VERSION = )'[^']+'/, `$1'${version}'`)
  writeFileSync(new URL(USER_AGENT, ROOT), source)
  console.log(`Now: npm run generate && npm run build, commit, and push the tag v${version}.`)
}

function notes(tag: string): void {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, package.json says ${version}`)
  process.stdout.write(notesOf(read('CHANGELOG.md'), version))
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [first = '', second = ''] = process.argv.slice(2)
  if (first === 'notes') notes(second)
  else prepare(first)
}
