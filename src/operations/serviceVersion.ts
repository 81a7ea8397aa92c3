import type { Azure } from '../azure/azure.ts'
import type { Provider } from '../azure/clients/providers.ts'
import { isNotServed } from '../azure/errors/notServed.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Generations, Recognisable } from '../generations/generation.ts'
import { type ChosenVersion, newestOffered } from '../generations/offered.ts'
import type { TrackedResource } from '../resources/model.ts'
import { misfits } from '../settings/model.ts'
import { ownerOf, serviceVersionOf, type Tagged } from '../settings/ownerTags.ts'
import { InputError, type Problem, problem } from '../settings/problems.ts'
import { sameId } from '../settings/resourceId.ts'
import {
  type Environment,
  type EnvironmentSettings,
  NEWEST_VERSION,
  SERVICE_VERSIONS,
  TUTORIAL_VERSION,
  type WantedEnvironment
} from '../settings/settings.ts'
import type { Ledger, Session } from './session.ts'

/**
 * The environment, once it is known by which model it is built: the one of the input; else its own, as its resources
 * remember; else that of what it shares; else the newest that its regions offer.
 *
 * @throws InputError when the inputs ask for what that model does not have
 * @throws Error when no model is offered
 */
export async function withVersion(
  session: Session<EnvironmentSettings>,
  ledger: Ledger
): Promise<Environment> {
  const { settings, log } = session
  const { environment, model, operation } = settings
  const chosen =
    model.version === 'auto'
      ? await choose(session)
      : { version: model.version, reason: 'set by `service-version`' }
  ledger.version = chosen
  log.info(`Service version ${chosen.version}: ${chosen.reason}.`)
  // A teardown makes nothing, so that nothing is asked of the model.
  if (model.version === 'auto' && operation !== 'destroy') {
    const problems: Problem[] = []
    const report = (...args: Parameters<typeof problem>) => void problems.push(problem(...args))
    const ignored = misfits(model, chosen.version, report)
    if (problems.length > 0) throw new InputError(problems)
    ledger.warnings.push(...ignored)
  }
  return { ...environment, serviceVersion: chosen.version }
}

async function choose(session: Session<EnvironmentSettings>): Promise<ChosenVersion> {
  const { settings, generations, speak, signal } = session
  const { environment, model } = settings
  const azure = speak(generations[NEWEST_VERSION].versions)
  const own = await remembered(azure, environment, signal)
  if (own !== undefined) return own
  const shared = await ofShared(session)
  if (shared !== undefined) return shared
  const tutorialOnly = model.only[TUTORIAL_VERSION].map(({ input }) => input)
  const providers = await providersOf(azure, generations, environment.subscriptionId, signal)
  return newestOffered(generations, providers, environment, [...new Set(tutorialOnly)])
}

/** The providers that matter to any model, as far as they may be read. */
export async function providersOf(
  azure: Pick<Azure, 'providers'>,
  generations: Generations,
  subscriptionId: string,
  signal: AbortSignal
): Promise<readonly Provider[]> {
  const names = new Set(
    SERVICE_VERSIONS.flatMap((version) => generations[version].offers.map((one) => one.namespace))
  )
  const found = await Promise.all(
    [...names].map((name) => azure.providers.read(subscriptionId, name, signal))
  )
  return found.filter((provider) => provider !== undefined)
}

/** The model that what was made for the environment remembers. */
async function remembered(
  azure: Azure,
  { group, ownership, namespace, dps, hubs }: WantedEnvironment,
  signal: AbortSignal
): Promise<ChosenVersion | undefined> {
  const isOurs = (one: Tagged) => ownerOf(one, ownership) === 'ours'
  const itself = await azure.arm.get<TrackedResource>(group.id, VERSIONS.resources, {
    operation: 'read Resource group',
    signal,
    leave: true
  })
  const one =
    itself && isOurs(itself)
      ? itself
      : ((itself && (await inGroup()).find(isOurs)) ?? (await elsewhere()))
  if (one === undefined) return undefined
  const { known, text } = serviceVersionOf(one)
  if (known !== undefined) return { version: known, reason: `${one.id} was made with it` }
  throw new Error(
    `${one.id} was made with the service version ${text}, which this release does not know. Use the release that made it, or a newer one.`
  )

  function inGroup(): Promise<readonly TrackedResource[]> {
    return azure.arm.list<TrackedResource>(`${group.id}/resources`, VERSIONS.resources, {
      operation: 'list the resources of the group',
      signal
    })
  }

  /** What the inputs put into other groups. */
  async function elsewhere(): Promise<Tagged | undefined> {
    const others = [namespace, dps, ...hubs].filter(
      (target) => !sameId(target.resourceGroup, group.resourceGroup)
    )
    const tagged = await Promise.all(
      others.map(async ({ id }) => ({ id, tags: await azure.tagsOf(id, signal) }))
    )
    return tagged.find(isOurs)
  }
}

/** The model of a namespace, hub or DPS that the inputs name and that is there. */
async function ofShared({
  settings,
  generations,
  speak,
  signal
}: Session<EnvironmentSettings>): Promise<ChosenVersion | undefined> {
  const { namespace, dps, hubs } = settings.environment
  const [hub] = hubs
  const named = Object.entries({ namespace, dps, ...(hub && { hub }) }).filter(
    ([, { given }]) => given
  )
  for (const [which, { id }] of named) {
    for (const version of SERVICE_VERSIONS) {
      const generation = generations[version]
      const azure = speak(generation.versions)
      try {
        if (await generation.recognises(azure, which as Recognisable, id, signal))
          return { version, reason: `the ${which} ${id} belongs to this model` }
      } catch (error) {
        if (!isNotServed(error)) throw error
      }
    }
  }
  return undefined
}
