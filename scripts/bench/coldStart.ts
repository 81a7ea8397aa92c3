import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { runAction } from '../runner.ts'
import { COLD } from '../underTest.ts'
import { median, timed } from './median.ts'

/** Each is a pair, whose halves meet the same load: what the machine does besides falls out of the difference. */
const PAIRS = 15

/**
 * Milliseconds from the start of the process to the first request that arrives, over those that Node takes to start and end
 * with nothing to do. The request is the one for GitHub's assertion, without TLS, so that no handshake is measured.
 *
 * @param azure the ids of the sign-in
 */
export async function coldStartOverNode(azure: Readonly<Record<string, string>>): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const first = async () => {
    const arrived = once(server, 'request').then(() => performance.now())
    let started = 0
    await runAction({
      inputs: { environment: 'bench', location: 'westeurope' },
      azure: {
        ...azure,
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'bench'
      },
      job: { runner: COLD },
      interrupt: arrived.then(() => 'SIGKILL' as const),
      onStart: () => {
        started = performance.now()
      }
    })
    return (await arrived) - started
  }
  const nothing = () =>
    timed(() => once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'close'))
  try {
    const over: number[] = []
    // The first pair brings the files into memory.
    for (let pair = 0; pair <= PAIRS; pair++) {
      const difference = -(await nothing()) + (await first())
      if (pair > 0) over.push(difference)
    }
    return median(over)
  } finally {
    server.close()
    server.closeAllConnections()
  }
}
