// Holds what the scenarios recorded against Microsoft's OpenAPI files: npm run conformance -- --specs FOLDER
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readRecordings } from './conformance/exchange.ts'
import { undetected } from './conformance/proof.ts'
import { loadSpecs } from './conformance/specs.ts'
import { tally } from './conformance/tally.ts'
import { Validator } from './conformance/validator.ts'

const { values } = parseArgs({ options: { specs: { type: 'string' } } })
if (values.specs === undefined) {
  console.error(
    'usage: npm run conformance -- --specs FOLDER\nFOLDER holds the OpenAPI files of Azure/azure-rest-api-specs.'
  )
  process.exit(2)
}

const recordings = readRecordings(fileURLToPath(new URL('../.records', import.meta.url)))
const specs = loadSpecs(values.specs)
try {
  const { specified, listed, exceptions, findings } = await tally(
    await Validator.load(specs),
    recordings
  )
  for (const finding of findings) console.error(finding)
  const table = (title: string, counts: ReadonlyMap<string, number>) => {
    console.log(`${title}:`)
    for (const [name, times] of [...counts].sort(([a], [b]) => a.localeCompare(b)))
      console.log(`  ${String(times).padStart(6)}  ${name}`)
  }
  table('Specified operations', specified)
  table('Operations without a specification, checked by own schemas', listed)
  table('Exceptions', exceptions)
  const missed = await undetected(values.specs, recordings)
  for (const name of missed) console.error(`a planted mistake was not found: ${name}`)
  console.log(
    `conformance: ${recordings.length} scenarios, ${specified.size} specified operations, ${findings.length} findings, ${missed.length} planted mistakes missed`
  )
  if (findings.length > 0 || specified.size === 0 || missed.length > 0) process.exitCode = 1
} finally {
  specs.remove()
}
