// Bundles the compiled sources into dist, with what every module of it weighs in lib/stats.json: node scripts/build.mjs
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { minify } from 'terser'
import { bundle } from './bundle.ts'
import { eager } from './eager.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { code, assets, stats } = await bundle(
  join(root, 'lib/index.js'),
  join(root, 'tsconfig.bundle.json')
)

rmSync(join(root, 'dist'), { recursive: true, force: true })
for (const [name, { source, permissions }] of Object.entries({
  'index.js': { source: code },
  ...assets
})) {
  const file = join(root, 'dist', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, name.endsWith('.js') ? await light(source) : source, { mode: permissions })
}
writeFileSync(join(root, 'lib/stats.json'), JSON.stringify(stats.toJson()))

/** ncc itself makes nothing but the first file small. Names of classes and functions stay: errors show them. */
async function light(source) {
  const { code } = await minify(String(source), {
    module: true,
    ecma: 2020,
    compress: { keep_classnames: true, keep_fnames: true },
    mangle: { keep_classnames: true, keep_fnames: true },
    // Of one byte a character, which V8 reads faster than two.
    format: { ascii_only: true }
  })
  return eager(code)
}
