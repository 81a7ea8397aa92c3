// What the action makes, seen by an Azure CLI and SDKs that Microsoft published: npm run interop [-- --write-list] [-- --only TEXT]
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { undetected } from './interop/credentialsAndPolicies/proof.ts'
import { Facts, listed } from './interop/facts.ts'
import { MODELS } from './interop/models.ts'
import { onStage } from './interop/stage.ts'
import { AZURE_CLI } from './witnesses/azureCli.ts'
import { SDKS } from './witnesses/sdks.ts'
import { installed } from './witnesses/venv.ts'

const { values } = parseArgs({
  options: { 'write-list': { type: 'boolean', default: false }, only: { type: 'string' } }
})
const isWhole = values.only === undefined
const witnesses = { bin: installed(AZURE_CLI, 'azure-cli'), sdks: installed(SDKS, 'sdks') }

interface Played {
  readonly model: string
  readonly facts: Facts
}

const played: Played[] = []
const missed: string[] = []
const waiting = Object.entries(MODELS)
  .flatMap(([model, stories]) =>
    Object.entries(stories).map(([name, story]) => ({ model, name, story }))
  )
  .filter(({ model, name }) => isWhole || `${model}/${name}`.includes(values.only ?? ''))
  .map(({ model, name, story }) => async () => {
    const began = Date.now()
    const facts = new Facts()
    await onStage(witnesses, story.config ?? {}, (stage) => story.play({ ...stage, facts }))
    played.push({ model, facts })
    console.log(
      `${model}, ${name}: ${facts.names.length} facts, ${Math.round((Date.now() - began) / 1000)} s`
    )
  })
waiting.push(() =>
  onStage(witnesses, {}, async (stage) => void missed.push(...(await undetected(stage))))
)

/** Stories meet no other's Azure, so that a core is not idle while another one's story waits. */
async function lane(): Promise<void> {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next()
}
await Promise.all(Array.from({ length: availableParallelism() }, lane))

const differences = played.flatMap(({ facts }) => facts.differences)
for (const { fact, ours, theirs } of differences)
  console.error(
    `differs: ${fact}\n  the action: ${JSON.stringify(ours)}\n  the other:  ${JSON.stringify(theirs)}`
  )
const wrong = Object.keys(MODELS).flatMap((model) => {
  const names = played.filter((one) => one.model === model).flatMap(({ facts }) => facts.names)
  if (values['write-list'] && names.length > 0) return listed(model, names, isWhole ? 'all' : 'add')
  // A run of some stories leaves the list of the others alone.
  return isWhole ? listed(model, names) : []
})
for (const line of wrong) console.error(line)
for (const fact of missed)
  console.error(`planted differences were not told from the others: ${fact}`)
console.log(`planted differences: ${missed.length === 0 ? 'all found' : `${missed.length} missed`}`)
const agreed = played.reduce((sum, { facts }) => sum + facts.names.length, 0) - differences.length
const differ = differences.length + wrong.length
console.log(`interop: ${agreed} facts agree, ${differ} differ`)
if (differ > 0 || agreed === 0 || missed.length > 0) process.exitCode = 1
