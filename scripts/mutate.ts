// Changes every comparison that decides, one at a time, and tells which change no unit test notices: npm run mutate -- [FILES]
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { testsBySource } from './mutate/imports.ts'
import { type Mutant, mutantsOf, mutated, switchable } from './mutate/mutants.ts'
import { filesInScope, LEAST_KILLED } from './mutate/scope.ts'
import { trial } from './mutate/trial.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const url = (file: string) => pathToFileURL(path.join(root, file)).href
const testsOf = testsBySource(root)
const asked = process.argv.slice(2)
const files = filesInScope(root).filter(
  ({ file }) => asked.length === 0 || asked.some((one) => file.includes(one))
)

/** Rounds in which no mutant is switched on: before the others, and after them, as one may have left something behind. */
const [FIRST, LAST] = [-1, -2]

const survivors: string[] = []
let all = 0
for (const { file, awaiting } of files) {
  const source = readFileSync(path.join(root, file), 'utf8')
  const tests = testsOf(file).map(url)
  const mutants = mutantsOf(source, awaiting)
  const alive = tests.length === 0 ? mutants : await survivorsOf(file, source, mutants, tests)
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

/** In one thread for all, and those that survive there in one for each: it also mutates what is done on loading. */
async function survivorsOf(
  file: string,
  source: string,
  mutants: readonly Mutant[],
  tests: readonly string[]
): Promise<readonly Mutant[]> {
  const replaced = { url: url(file), code: switchable(source, mutants) }
  const rounds = [FIRST, ...mutants.keys(), LAST]
  const failures = await trial({ tests, replaced, rounds })
  if (failures.get(FIRST)) {
    throw new Error(`The unit tests of ${file} fail as it is: ${failures.get(FIRST)}`)
  }
  const clean = failures.get(LAST) === undefined
  const alive: Mutant[] = []
  for (const [number, mutant] of mutants.entries()) {
    if (clean && failures.get(number)) continue
    const alone = { url: url(file), code: mutated(source, mutant) }
    const failure = await trial({ tests, replaced: alone, rounds: [number] })
    if (!failure.get(number)) alive.push(mutant)
  }
  return alive
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ')
}
