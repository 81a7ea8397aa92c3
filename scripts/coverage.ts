// Which lines and branches of src no test goes through: npm run coverage -- [FILES and options of jest]
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildForCoverage } from './coverage/build.ts'
import { sourceOf } from './coverage/bundleFile.ts'
import { Counts } from './coverage/counts.ts'
import { coverageMap, isEnough, reportLines } from './coverage/report.ts'
import { COVERAGE_FOLDER } from './underTest.ts'

/** A run leaves half a megabyte, so they are not left to pile up. */
const PERIOD_MS = 5000

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = path.join(root, 'coverage')
const codes = await buildForCoverage(root, folder)
const sources = new Map([...codes].map(([file, code]) => [file, sourceOf(code)]))
const counts = new Counts(root, folder, sources)

const args = ['test', '--', '--config', 'jest.coverage.config.js', ...process.argv.slice(2)]
const tests = spawn('npm', args, {
  cwd: root,
  env: { ...process.env, [COVERAGE_FOLDER]: folder },
  stdio: 'inherit'
})
const timer = setInterval(() => counts.collect(), PERIOD_MS)
const [failed] = await once(tests, 'close')
clearInterval(timer)
const unreadable = counts.collect()

const map = await coverageMap(root, sources, counts.bySource)
writeFileSync(path.join(folder, 'coverage.json'), JSON.stringify(map))
for (const line of reportLines(root, map)) console.log(line)
console.log(`From ${counts.processes} processes; ${unreadable} were killed while they wrote.`)
if (failed !== 0 || !isEnough(map)) process.exitCode = 1
