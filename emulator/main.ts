// An emulated Azure for any client: npm run emulator -- --env-file FILE [--profile NAME] [--speed N] [--config FILE] [--faults FILE]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ConfigPatch } from './config.ts'
import type { Fault } from './faults.ts'
import { startEmulator } from './index.ts'
import { type ProfileName, profiles } from './latency.ts'

const USAGE = `usage: npm run emulator -- --env-file FILE [--profile ${Object.keys(profiles).join('|')}] [--speed N] [--config FILE] [--faults FILE]

  --env-file FILE  is written once the emulator listens: the variables that lead a client to it, to be sourced by a shell
  --profile NAME   how long Azure takes for everything; fast when absent
  --speed N        divides every wait by N, of the emulator and of Node clients that have sourced the file; 1 when absent
  --config FILE    JSON as in emulator/schemas/config.json: what is offered, permitted, taken, slow
  --faults FILE    JSON as in emulator/schemas/faults.json: what goes wrong
  --help           shows this

It listens on loopback only and runs until it is stopped.`

function readArguments() {
  try {
    return parseArgs({
      options: {
        'env-file': { type: 'string' },
        profile: { type: 'string', default: 'fast' },
        speed: { type: 'string', default: '1' },
        config: { type: 'string' },
        faults: { type: 'string' },
        help: { type: 'boolean', default: false }
      }
    }).values
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    process.exit(2)
  }
}

const values = readArguments()
if (values.help) {
  console.log(USAGE)
  process.exit(0)
}
const file = values['env-file']
const speed = Number(values.speed)
if (file === undefined || !(values.profile in profiles) || !(speed > 0)) {
  console.error(USAGE)
  process.exit(2)
}

const emulator = await startEmulator({
  profile: values.profile as ProfileName,
  speed,
  ...(values.config !== undefined && {
    config: JSON.parse(readFileSync(values.config, 'utf8')) as ConfigPatch
  })
})
if (values.faults !== undefined) {
  emulator.setFaults(JSON.parse(readFileSync(values.faults, 'utf8')) as readonly Fault[])
}
const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`
const lines = Object.entries(emulator.env).map(([name, value]) => `export ${name}=${quoted(value)}`)
writeFileSync(file, `${lines.join('\n')}\n`)
console.log(
  `Emulated Azure is up; source ${file}. Control: ${emulator.controlUrl}. Stop with Ctrl+C.`
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void emulator.stop().then(() => process.exit(0))
  })
}
