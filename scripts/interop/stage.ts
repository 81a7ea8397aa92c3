import type { ConfigPatch } from '../../emulator/config.ts'
import { type Emulator, type Exchange, startEmulator } from '../../emulator/index.ts'
import { type ActionRun, runAction } from '../runner.ts'
import { Az } from './az.ts'
import type { Facts } from './facts.ts'

/** The action's waits shrink; the others' are real, and `instant` leaves them none. */
const SPEED = 60
/**
 * Emulated seconds that tokens and assertions live: an hour of the machine's time. GitHub's assertion lives five minutes, and
 * az asks with the same one again for each further scope: a slow machine would see that, and nothing else.
 */
const TOKEN_SECONDS = 3_600 * SPEED

/** One run of the action, with what it asked of Azure. */
export interface Run extends ActionRun {
  readonly requests: readonly Exchange[]
}

type Body = Record<string, unknown>
interface Item {
  readonly id: string
  readonly kind: string
  readonly resource: string
  readonly phase: string
  readonly action: string
  readonly changes?: readonly { readonly property: string }[]
}

/** What a story plays on: an emulated Azure, an Azure CLI, and what they are compared by. */
export interface Stage {
  readonly azure: Emulator
  readonly az: Az
  readonly facts: Facts
  /** Folder of the Python that has Microsoft's SDKs. */
  readonly sdks: string
  /** Id of something below the subscription. */
  id(path: string): string
  /** Runs the action, whatever comes of it. */
  run(
    inputs: Readonly<Record<string, string>>,
    env?: Readonly<Record<string, string>>
  ): Promise<Run>
}

/** Starts an Azure, signs a CLI in, and takes both away afterwards. */
export async function onStage(
  { bin, sdks }: { readonly bin: string; readonly sdks: string },
  config: ConfigPatch,
  play: (stage: Omit<Stage, 'facts'>) => Promise<void>
): Promise<void> {
  const azure = await startEmulator({
    profile: 'instant',
    speed: SPEED,
    config: {
      ...config,
      // A person's commands have the real clock: to them a token that ends earlier than promised has ended.
      entra: { tokenSeconds: TOKEN_SECONDS },
      github: { assertionSeconds: TOKEN_SECONDS }
    }
  })
  const az = await Az.at(bin, azure.env)
  try {
    await az.signIn()
    await play({
      azure,
      az,
      sdks,
      id: (path) => `/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${path}`,
      async run(inputs, env = {}) {
        const before = azure.requests.length
        const run = await runAction({ inputs, azure: { ...azure.env, ...env } })
        return { ...run, requests: azure.requests.slice(before) }
      }
    })
  } finally {
    await az.leave()
    await azure.stop()
  }
}

/** A run that has to succeed. @throws Error with the log otherwise */
export function succeeded(run: Run): Run {
  if (run.exitCode === 0) return run
  throw new Error(run.log.replace(/^::(debug|add-mask)::.*\n/gm, ''))
}

/** What a run sent last to an address that ends so, when it wrote there. */
export function sent(run: Run, ending: string, by: 'PUT' | 'PATCH' = 'PUT'): Body {
  const found = run.requests.findLast(
    ({ method, url, status }) =>
      method === by &&
      status < 300 &&
      new URL(url).pathname.toLowerCase().endsWith(ending.toLowerCase())
  )
  if (found === undefined) throw new Error(`nothing was written to ${ending}`)
  return found.requestBody as Body
}

/** The steps of a plan. */
export function planOf(run: Run): readonly Item[] {
  return (JSON.parse(run.outputs.plan ?? '{"items":[]}') as { items: readonly Item[] }).items
}

/** Ids of the steps with this action, in the plan's order. */
export function stepsTo(run: Run, ...actions: readonly string[]): readonly string[] {
  return planOf(run)
    .filter(({ action }) => actions.includes(action))
    .map(({ id }) => id)
}

/** What a run wrote to ARM and to data planes: method and path below the subscription; asking for keys and names is no writing. */
export function writes(run: Run): readonly string[] {
  return run.requests
    .filter(
      ({ method, host }) =>
        !['GET', 'HEAD', 'CONNECT'].includes(method) && !/login|graph/.test(host)
    )
    .map(({ method, url }) => `${method} ${new URL(url).pathname}`)
    .filter(
      (line) =>
        !/^POST .*\/(listkeys|check\w*NameAvailability|query|attestationmechanism)$/i.test(line)
    )
}
