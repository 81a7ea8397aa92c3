import { startEmulator } from '../../emulator/index.ts'
import { runAction } from '../runner.ts'
import { longestChain } from './chain.ts'

/** A second of Azure's in 33 milliseconds of ours: slow enough for the action's own work to be little beside it. */
const SPEED = 30

/** How much longer a fresh apply of the newer model takes, from its first write on, than what Azure itself needs. */
export async function freshOverChain(): Promise<number> {
  const emulator = await startEmulator({ profile: 'azure', speed: SPEED })
  try {
    const inputs = { environment: 'bench', location: 'westeurope' }
    const run = await runAction({ inputs, azure: emulator.env })
    if (run.exitCode !== 0) throw new Error(run.log)
    const { requests } = emulator
    const first = requests.find(({ method }) => method === 'PUT')
    const last = requests.at(-1)
    if (first === undefined || last === undefined) throw new Error('nothing was sent')
    return (Date.parse(last.time) - Date.parse(first.time)) / longestChain()
  } finally {
    await emulator.stop()
  }
}
