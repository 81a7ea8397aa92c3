// Writes the notice of every package in the bundle: node scripts/licenses.mjs STATS OUT
// ncc's own --license overlooks packages once the bundle has a second chunk, so this reads ncc's module list instead.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const [, , statsFile, outFile] = process.argv

/** The files of all modules, nested ones included. */
function* files(modules = []) {
  for (const module of modules) {
    yield* files(module.modules)
    const name = module.nameForCondition ?? module.identifier ?? ''
    const file = name.split(/[|!]/).findLast((part) => part.includes('/node_modules/'))
    if (file) yield file
  }
}

/** The nearest folder above a file whose package.json names a package with a version. */
function packageOf(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { name, version, license } = JSON.parse(readFileSync(manifest, 'utf8'))
    if (name && version)
      return { folder, id: `${name}@${version}`, license: license ?? 'not stated' }
  }
  throw new Error(`${file} belongs to no package`)
}

const packages = new Map()
for (const file of files(JSON.parse(readFileSync(statsFile, 'utf8')).modules)) {
  const found = packageOf(file)
  packages.set(found.id, found)
}

const notices = [...packages.values()]
  .sort((a, b) => (a.id < b.id ? -1 : 1))
  .map(({ folder, id, license }) => {
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
    const text = file ? readFileSync(join(folder, file), 'utf8').trim() : ''
    return `${id}\n${license}\n${text}\n`
  })

writeFileSync(outFile, notices.join('\n'))
console.log(`${outFile}: ${packages.size} packages`)
