// What the action makes, seen by an Azure CLI and SDKs that Microsoft published: npm run interop [-- --write-list]
import { parseArgs } from 'node:util'
import { undetected } from './interop/credentialsAndPolicies/proof.ts'
import { Facts } from './interop/facts.ts'
import { MODELS } from './interop/models.ts'
import { onStage } from './interop/stage.ts'
import { installed } from './witnesses/venv.ts'

/** The CLI, and apart from it the SDKs: it wants older ones for itself. */
const CLI = { 'azure-cli': '2.91.0' }
const SDKS = {
  'azure-identity': '1.27.0',
  'azure-mgmt-deviceregistry': '1.2.0b1',
  'azure-mgmt-iothub': '5.0.0b5',
  'azure-mgmt-iothubprovisioningservices': '2.1.0',
  requests: '2.34.2'
}

const { values } = parseArgs({
  options: { 'write-list': { type: 'boolean', default: false }, only: { type: 'string' } }
})
const bin = installed(CLI, 'azure-cli')
const sdks = installed(SDKS, 'sdks')
let agreed = 0
let differ = 0
for (const [model, stories] of Object.entries(MODELS)) {
  const facts = new Facts(model)
  for (const [name, story] of Object.entries(stories)) {
    if (values.only !== undefined && !`${model}/${name}`.includes(values.only)) continue
    const began = Date.now()
    const before = facts.agreed
    await onStage({ bin, sdks }, story.config ?? {}, (stage) => story.play({ ...stage, facts }))
    console.log(
      `${model}, ${name}: ${facts.agreed - before} facts, ${Math.round((Date.now() - began) / 1000)} s`
    )
  }
  for (const { fact, ours, theirs } of facts.differences)
    console.error(
      `differs: ${fact}\n  the action: ${JSON.stringify(ours)}\n  the other:  ${JSON.stringify(theirs)}`
    )
  // A run of some stories leaves the list of the others alone.
  const all = values.only === undefined
  const told = values['write-list'] ? facts.listed(all ? 'all' : 'add') : facts.listed()
  const wrong = all ? told : []
  for (const line of wrong) console.error(line)
  agreed += facts.agreed
  differ += facts.differences.length + wrong.length
}
const missed: string[] = []
await onStage({ bin, sdks }, {}, async (stage) => void missed.push(...(await undetected(stage))))
for (const fact of missed)
  console.error(`planted differences were not told from the others: ${fact}`)
console.log(`planted differences: ${missed.length === 0 ? 'all found' : `${missed.length} missed`}`)
console.log(`interop: ${agreed} facts agree, ${differ} differ`)
if (differ > 0 || agreed === 0 || missed.length > 0) process.exitCode = 1
