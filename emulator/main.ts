// An emulated Azure for any client: npm run emulator -- --env-file FILE [--profile NAME] [--speed N] [--config FILE] [--faults FILE]
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { ConfigPatch } from './config.ts'
import { type Fault, startEmulator } from './index.ts'
import { type ProfileName, profiles } from './latency.ts'

const USAGE = `usage: npm run emulator -- --env-file FILE [--profile ${Object.keys(profiles).join('|')}] [--speed N] [--config FILE] [--faults FILE]`

const { values } = parseArgs({
  options: {
    'env-file': { type: 'string' },
    profile: { type: 'string', default: 'fast' },
    speed: { type: 'string', default: '1' },
    config: { type: 'string' },
    faults: { type: 'string' }
  }
})
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
