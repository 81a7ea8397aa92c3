// Stands in front of Azure and writes down what it was asked and said: npm run record -- --env-file FILE --out FILE
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startRecorder } from './record/recorder.ts'
import { scrubbed } from './record/scrub.ts'

const USAGE = `usage: npm run record -- --env-file FILE --out FILE

  --env-file FILE  is written once it listens: NAME=VALUE for each variable that leads a client through it
  --out FILE       is written when it is stopped: the recording, with aliases for every secret, id and name

It listens on loopback only, and reaches Azure through HTTPS_PROXY where that is set. Stop it with Ctrl+C or SIGTERM.`

const { values } = parseArgs({
  options: { 'env-file': { type: 'string' }, out: { type: 'string' } }
})
const { 'env-file': file, out } = values
if (file === undefined || out === undefined) {
  console.error(USAGE)
  process.exit(2)
}

const recorder = await startRecorder(process.env)
const lines = Object.entries(recorder.env).map(([name, value]) => `${name}=${value}\n`)
writeFileSync(file, lines.join(''))
console.log(`Recording. Lead clients here by the variables in ${file}.`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void finish().catch((error: unknown) => {
      console.error(error)
      process.exit(1)
    })
  })
}

async function finish(): Promise<void> {
  await recorder.stop()
  const recording = scrubbed(recorder.exchanges, recorder.principals)
  writeFileSync(out as string, `${JSON.stringify(recording, undefined, 1)}\n`)
  console.log(`record: ${recording.exchanges.length} requests`)
  process.exit(0)
}
