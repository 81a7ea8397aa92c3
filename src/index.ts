import * as core from '@actions/core'
import { requireUsableProxy } from './azure/http/proxy.ts'
import { loadProxyAgents } from './azure/http/proxyAgents.ts'
import { createLog } from './report/log.ts'

try {
  if (requireUsableProxy(process.env)) await loadProxyAgents()
  // Not before: libraries that it loads read the proxy while they load. Eager, for an action is one file.
  const { main } = await import(/* webpackMode: "eager" */ './main.ts')
  await main()
} catch (error) {
  const text = error instanceof Error ? error.message : String(error)
  createLog(core).failure('The action could not run', text)
  process.exitCode = 1
}
// A request that nobody waits for any more, such as one into a network that swallows everything, must not keep the job.
process.stdout.write('', () => process.exit())
