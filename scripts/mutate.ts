// Changes every comparison that decides, one at a time, and tells which change no unit test notices: npm run mutate -- [FILES]
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { testsBySource } from './mutate/imports.ts'
import { type Mutant, mutantsOf, mutated } from './mutate/mutants.ts'
import { filesInScope, LEAST_KILLED } from './mutate/scope.ts'
import { failureOf } from './mutate/trial.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const url = (file: string) => pathToFileURL(path.join(root, file)).href
const testsOf = testsBySource(root)
const asked = process.argv.slice(2)
const files = filesInScope(root).filter(
  ({ file }) => asked.length === 0 || asked.some((one) => file.includes(one))
)

const survivors: string[] = []
let all = 0
for (const { file, awaiting } of files) {
  const source = readFileSync(path.join(root, file), 'utf8')
  const tests = testsOf(file).map(url)
  const failure = tests.length > 0 && (await failureOf({ tests }))
  if (failure) throw new Error(`The unit tests of ${file} fail as it is: ${failure}`)
  const survives = async (mutant: Mutant) => {
    const replaced = { url: url(file), code: mutated(source, mutant) }
    return tests.length === 0 || (await failureOf({ tests, replaced })) === undefined
  }
  const mutants = mutantsOf(source, awaiting)
  const alive: Mutant[] = []
  for (const mutant of mutants) if (await survives(mutant)) alive.push(mutant)
  all += mutants.length
  for (const { line, before, after } of alive) {
    const text = `${file}:${line} ${oneLine(before)} → ${oneLine(after)}`
    survivors.push(text)
    console.log(text)
  }
  console.log(`${file}: ${mutants.length} mutants, ${alive.length} survived`)
}
const killed = all - survivors.length
const rate = all === 0 ? 0 : (100 * killed) / all
console.log(`${all} mutants, ${killed} killed, ${survivors.length} survived (${rate.toFixed(1)} %)`)
if (rate < LEAST_KILLED) process.exitCode = 1

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
