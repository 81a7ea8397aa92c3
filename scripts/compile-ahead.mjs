// Fills Node's compile cache with every function of the bundle. Node itself only keeps what was compiled when a file was
// loaded, so that each run of hundreds would compile the rest again: a tenth of its processor time.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import vm from 'node:vm'
import { crc32 } from 'node:zlib'

const DIST = new URL('../dist/', import.meta.url)

/**
 * An entry of the cache, as Node's src/compile_cache.cc writes it: five words of 32 bits, then V8's data. Node looks at
 * lengths and checksums, V8 at its version and flags: what does not fit is compiled as ever, only slower.
 */
const HEADER_BYTES = 20
const SOURCE_LENGTH = 4
const DATA_LENGTH = 8
const SOURCE_CHECKSUM = 12
const DATA_CHECKSUM = 16

/** @param cache the folder that runs are given as NODE_COMPILE_CACHE */
export function compileAhead(cache) {
  if (!existsSync(DIST)) return
  const files = readdirSync(DIST).filter((name) => name.endsWith('.js'))
  letNodeFill(cache, files)
  const sources = new Map()
  for (const file of files) {
    const source = readFileSync(new URL(file, DIST))
    sources.set(crc32(source), source)
  }
  for (const file of readdirSync(cache, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const path = join(file.parentPath, file.name)
    const entry = readFileSync(path)
    if (entry.length < HEADER_BYTES) continue
    const source = sources.get(entry.readUInt32LE(SOURCE_CHECKSUM))
    if (source === undefined || entry.readUInt32LE(SOURCE_LENGTH) !== source.length) continue
    // What a whole file compiles to is longer than its source: then a run before has put it there.
    if (entry.readUInt32LE(DATA_LENGTH) > source.length) continue
    replace(path, entry.subarray(0, HEADER_BYTES), compile(source.toString()))
  }
}

/** Node alone knows how it names an entry. The main file comes last: it ends the process, for want of inputs. */
function letNodeFill(cache, files) {
  const ordered = [...files.filter((name) => name !== 'index.js'), 'index.js']
  const imports = ordered.map((name) => `await import(${JSON.stringify(new URL(name, DIST).href)})`)
  spawnSync(process.execPath, ['--input-type=module', '--eval', imports.join('\n')], {
    env: { NODE_COMPILE_CACHE: cache }
  })
}

/** V8's data for a module of which no function is left to be compiled when it is first called. */
function compile(source) {
  setFlagsFromString('--no-lazy')
  try {
    const module = new vm.SourceTextModule(source)
    // V8 accepts data only under the flags that they were written under.
    setFlagsFromString('--lazy')
    return module.createCachedData()
  } finally {
    setFlagsFromString('--lazy')
  }
}

/** At once, for other runs may be reading. */
function replace(path, header, data) {
  header.writeUInt32LE(data.length, DATA_LENGTH)
  header.writeUInt32LE(crc32(data), DATA_CHECKSUM)
  const whole = `${path}.${process.pid}`
  writeFileSync(whole, Buffer.concat([header, data]))
  renameSync(whole, path)
}
