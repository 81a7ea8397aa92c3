// Holds what the scenarios recorded against Microsoft's OpenAPI files: npm run conformance -- --specs FOLDER
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readRecordings } from './conformance/exchange.ts'
import { loadSpecs } from './conformance/specs.ts'
import { Validator } from './conformance/validator.ts'

const { values } = parseArgs({ options: { specs: { type: 'string' } } })
if (values.specs === undefined) {
  console.error(
    'usage: npm run conformance -- --specs FOLDER\nFOLDER holds the OpenAPI files of Azure/azure-rest-api-specs.'
  )
  process.exit(2)
}

// oav tells its own story on the console; only ours is wanted.
process.env.LOG_LEVEL = 'off'
const specs = loadSpecs(values.specs)
try {
  const recordings = readRecordings(fileURLToPath(new URL('../.records', import.meta.url)))
  const validator = await Validator.load(specs)
  const specified = new Map<string, number>()
  const listed = new Map<string, number>()
  const exceptions = new Map<string, number>()
  const count = (into: Map<string, number>, name: string) =>
    into.set(name, (into.get(name) ?? 0) + 1)
  let findings = 0
  for (const { scenario, exchanges } of recordings) {
    for (const exchange of exchanges.filter(({ status }) => status !== 0)) {
      const verdict = await validator.check(exchange)
      count(verdict.specified ? specified : listed, verdict.operation)
      for (const name of verdict.exceptions) count(exceptions, name)
      for (const finding of verdict.findings) {
        findings++
        console.error(
          `${scenario}: ${exchange.method} ${exchange.url.split('?')[0]} → ${exchange.status}: ${finding}`
        )
      }
    }
  }
  const table = (title: string, counts: ReadonlyMap<string, number>) => {
    console.log(`${title}:`)
    for (const [name, times] of [...counts].sort(([a], [b]) => a.localeCompare(b)))
      console.log(`  ${String(times).padStart(6)}  ${name}`)
  }
  table('Specified operations', specified)
  table('Operations without a specification, checked by own schemas', listed)
  table('Exceptions', exceptions)
  console.log(
    `conformance: ${recordings.length} scenarios, ${specified.size} specified operations, ${findings} findings`
  )
  if (findings > 0 || specified.size === 0) process.exitCode = 1
} finally {
  specs.remove()
}
