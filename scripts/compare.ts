// Plays a recording of Azure to the emulator and says where it answers otherwise: npm run compare -- RECORDING
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { compare } from './compare/replay.ts'
import type { Recording } from './record/scrub.ts'

const { positionals } = parseArgs({ allowPositionals: true })
const [file] = positionals
if (file === undefined || positionals.length > 1) {
  console.error(
    'usage: npm run compare -- RECORDING\nRECORDING is a file that npm run record wrote.'
  )
  process.exit(2)
}

const recording = JSON.parse(readFileSync(file, 'utf8')) as Recording
if (recording.version !== 1) throw new Error(`${file} is no recording of version 1`)
const { played, passedOver, differences } = await compare(recording)
const operations = Map.groupBy(differences.values(), ({ difference }) => difference.operation)
for (const [operation, found] of [...operations].sort(([a], [b]) => a.localeCompare(b))) {
  console.log(operation)
  for (const { difference, times } of found)
    console.log(`  ${difference.kind}: ${difference.text} (${times} times)`)
}
console.log(
  `compare: ${played} requests played, ${passedOver} passed over, ${differences.size} differences`
)
if (differences.size > 0 || played === 0) process.exitCode = 1
