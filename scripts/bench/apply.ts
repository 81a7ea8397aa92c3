import type { Emulator } from '../../emulator/index.ts'
import { type ActionRun, runAction } from '../runner.ts'
import { COLD } from '../underTest.ts'
import type { Model } from './chains.ts'

/** @throws Error with the log when it fails */
export async function apply(
  { env }: Emulator,
  { model, hubs = 1 }: { readonly model: Model; readonly hubs?: number },
  more: Readonly<Record<string, string>> = {}
): Promise<ActionRun> {
  const run = await runAction({
    inputs: {
      environment: 'bench',
      location: 'westeurope',
      'service-version': model,
      'timeout-minutes': '360',
      ...(hubs > 1 && { config: 'iot.yml' }),
      ...more
    },
    azure: env,
    job: { files: { 'iot.yml': hubsFile(hubs) }, runner: COLD }
  })
  if (run.exitCode !== 0) throw new Error(run.log)
  return run
}

/** A config file with so many hubs. */
function hubsFile(hubs: number): string {
  const keys = Array.from({ length: hubs }, (_, hub) => `  - key: h${hub}`)
  return ['hubs:', ...keys, ''].join('\n')
}
