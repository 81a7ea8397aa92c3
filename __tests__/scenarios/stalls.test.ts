import { expect, it } from '@jest/globals'
import type { Fault } from '../../emulator/faults.ts'
import { type ActionRun, runAction } from '../../scripts/runner.ts'
import { pullRequest, type Trigger } from '../../scripts/trigger.ts'
import { sampleOf } from './sample.ts'
import { INPUTS, Scenario, SWEEP } from './scenario.ts'

/** Slow enough that the deadline lets a run on a busy machine get as far as the request that stalls. */
const SPEED = 30
const scenario = new Scenario(SPEED)

const ARM = 'https://management.azure.com/subscriptions'
/** Emulated seconds for which a refusal asks to wait: nearly as long as the action ever waits. */
const ASKED_S = 850
/**
 * Within two seconds a run is to end. A busy machine needs more of them, and still fewer than the wait that was ended: the
 * shortest, five minutes after which GitHub's client gives up by itself, is ten seconds of this machine's time.
 */
const SOON_MS = 6_000

/** A client of the action, and the run in which it meets the fault. */
interface Client {
  readonly where: Omit<Fault, 'effect'>
  /** The answer whose next page is the same again, where its lists have pages. */
  readonly page?: Extract<Fault['effect'], { kind: 'answer' }>
  /** What leads to the request that stalls. */
  readonly first?: Fault
  readonly fresh?: boolean
  readonly inputs?: Readonly<Record<string, string>>
  readonly trigger?: Trigger
}

const SWEEP_BRANCHES = {
  ...SWEEP,
  'sweep-gone-branches': 'true',
  'github-token': 'ghs_emulated'
}
const pages = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  ({ kind: 'answer', status: 200, body, headers }) as const
const nextLink = `${ARM}/pages?api-version=1`

const CLIENTS: Readonly<Record<string, Client>> = {
  'our own of Azure Resource Manager': {
    where: { path: '/roleAssignments\\?|/pages\\?' },
    page: pages({ value: [], nextLink })
  },
  'arm-msi': { where: { path: '/userAssignedIdentities/[^/]+\\?' } },
  'arm-iothub': { where: { path: '/Microsoft.Devices/checkNameAvailability' }, fresh: true },
  'arm-dps': { where: { path: '/checkProvisioningServiceNameAvailability' }, fresh: true },
  'arm-dps, on the second page': {
    first: {
      path: '/provisioningServices/[^/]+/listkeys',
      times: 999,
      effect: pages({ value: [], nextLink })
    },
    where: { path: '/pages\\?' },
    page: pages({ value: [], nextLink })
  },
  'Microsoft Graph': { where: { host: 'graph.microsoft.com' }, fresh: true },
  'the data plane of DPS': {
    where: { path: '/enrollmentGroups/query' },
    page: pages([], { 'x-ms-continuation': 'more' }),
    inputs: { operation: 'destroy', confirm: 'test', location: '', 'dry-run': 'true' }
  },
  'Microsoft Entra': { where: { host: 'login.microsoftonline.com' } },
  'GitHub’s OIDC provider': { where: { host: 'pipelines.actions.githubusercontent.com' } },
  'GitHub, for branches': { where: { host: 'api.github.com' }, inputs: SWEEP_BRANCHES },
  'GitHub, for a comment': {
    where: { host: 'api.github.com' },
    page: pages([], { link: '<https://api.github.com/repos/o/r/issues/7/comments>; rel="next"' }),
    inputs: { comment: 'true', 'github-token': 'ghs_emulated' },
    trigger: pullRequest(7)
  }
}

const asked = { 'retry-after': String(ASKED_S) }
const STALLS: Readonly<Record<string, (client: Client) => Fault['effect'] | undefined>> = {
  // To whoever asks, a proxy that opens no tunnel looks like this.
  refused: () => ({ kind: 'answer', status: 502, headers: asked }),
  'refused by a proxy': () => ({ kind: 'tunnel', status: 502, headers: asked }),
  silent: () => ({ kind: 'hang', when: 'before' }),
  'silent like a proxy': () => ({ kind: 'tunnel' }),
  'an endless trickle': () => ({ kind: 'drip' }),
  'endless pages': ({ page }) => page
}

/** Proxies know hosts, and with most paths of a host the run would stall at the first. */
function effectOf(client: Client, stall: string): Fault['effect'] | undefined {
  const effect = STALLS[stall]?.(client)
  return effect?.kind === 'tunnel' && client.where.host === undefined ? undefined : effect
}

/** Both ends abort the same signal: each client, and each kind of stall, meets them in turn. */
const CASES = Object.entries(CLIENTS).flatMap(([name, client], row) =>
  Object.keys(STALLS).flatMap((stall, column) => {
    const effect = effectOf(client, stall)
    const end = (row + column) % 2 === 0 ? 'a signal' : 'the deadline'
    return effect === undefined ? [] : [{ name, client, stall, effect, end }]
  })
)

const MINUTES = 2

/** Stalls in a sample. */
const FEW = 4

interface Stalled {
  readonly run: ActionRun
  /** Milliseconds of this machine's time, from the signal, or from the start of the run. */
  readonly took: number
}

async function stall(
  { where, first, fresh, inputs, trigger }: Client,
  effect: Fault['effect'],
  more: Readonly<Record<string, string>>,
  signal?: NodeJS.Signals
): Promise<Stalled> {
  if (!fresh) {
    await scenario.built()
    scenario.set('resourceGroups', 'tags.iot-branch', 'feature/gone')
  }
  scenario.azure.setFaults([...(first ? [first] : []), { ...where, times: 1e9, effect }])
  let since = Date.now()
  let came = false
  let met = () => {}
  const stalled = new Promise<void>((resolve) => (met = resolve)).then(() => {
    came = true
  })
  const path = new RegExp(where.path ?? '', 'i')
  scenario.azure.watch(({ host, url }) => {
    if (where.host === undefined ? path.test(url) : where.host === host) met()
  })
  const interrupt = stalled.then(async () => {
    // By then it waits for what does not come.
    await new Promise((resolve) => setTimeout(resolve, 200))
    if (signal) since = Date.now()
    return signal as 'SIGINT'
  })
  const given = { ...INPUTS, operation: 'plan', ...inputs, ...more }
  const job = { ...(trigger && { trigger }) }
  const run = await runAction({
    inputs: given,
    azure: scenario.azure.env,
    job,
    ...(signal && { interrupt })
  })
  const took = Date.now() - since
  if (!came) throw new Error(`It ended before it came to what stalls:\n${run.log}`)
  return { run, took }
}

it.each(sampleOf(CASES, FEW))('$name, $stall: ends with $end', async ({ client, effect, end }) => {
  const late = end === 'the deadline'
  const { run, took } = late
    ? await stall(client, effect, { 'timeout-minutes': String(MINUTES) })
    : await stall(client, effect, {}, 'SIGINT')
  expect(took).toBeLessThan((late ? (MINUTES * 60_000) / SPEED : 0) + SOON_MS)
  expect(run.log).not.toMatch(/^\s+at |unhandled/im)
  expect(run.log.match(/^::error/gm) ?? []).toHaveLength(run.exitCode)
})
