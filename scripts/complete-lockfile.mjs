// npm leaves optional packages for other platforms out of the lockfile when the registry at hand does not serve them, and
// `npm ci` then calls the lockfile incomplete. This adds the entries that are missing, without integrity or address.
// Run it after every change of dependencies: node scripts/complete-lockfile.mjs
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const added = []

for (const [from, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const hoisted = `node_modules/${name}`
    if (lock.packages[hoisted] || lock.packages[`${from}/node_modules/${name}`]) continue
    // A platform package is named after its platform, and installed nowhere else.
    const [, os, cpu] =
      /-(android|darwin|freebsd|linux|openharmony|win32|wasm32)-?(\w+)?/.exec(name) ?? []
    lock.packages[hoisted] = {
      version: version.replace(/^[~^]/, ''),
      optional: true,
      ...(entry.dev && { dev: true }),
      ...(os && os !== 'wasm32' && { os: [os] }),
      ...(os === 'wasm32' ? { cpu: ['wasm32'] } : cpu && { cpu: [cpu] })
    }
    added.push(name)
  }
}

lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1))
)
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(added.length === 0 ? 'The lockfile is complete.' : `Added: ${added.join(', ')}`)
