import { key } from '../../emulator/ids.ts'
import type { Emulator } from '../../emulator/index.ts'
import type { Resource as Stored, World } from '../../emulator/kernel.ts'
import { copyWorld, restoreWorld } from '../../emulator/world.ts'
import type { Repository } from '../../scripts/trigger.ts'
import { thingsIn } from './ledger.ts'
import { MODELS, type Model } from './models.ts'
import { apply, told } from './pool.ts'
import type { Resource } from './scenario.ts'

/** Two servers both have a repository 42, even one of the same name. */
export const REPOSITORIES: readonly Repository[] = [
  { name: 'octo-org/plant', id: '42' },
  { name: 'octo-org/plant', id: '42', server: 'https://github.octo.example' },
  { name: 'octo-org/lab', id: '43' }
]

/**
 * What an environment is made of. `platform`: everything, for guests to live on; `guest`: a hub and an enrollment group on a
 * platform's namespace and DPS; `whole`: everything, for itself; `small`: the half that is quick to make.
 */
export const SHAPES = ['platform', 'guest', 'whole', 'small'] as const
type Shape = (typeof SHAPES)[number]

/** An environment as a run of the action made it. */
export interface Built {
  /** Tells it from every other one, those of the same name elsewhere included. */
  readonly key: string
  readonly name: string
  readonly shape: Shape
  readonly model: Model
  readonly repository: Repository
  /** What `apply` was told. */
  readonly inputs: Readonly<Record<string, string>>
  /** Ids of all that the run made. */
  readonly made: readonly string[]
  readonly world: World
}

const HOUR_MS = 3_600_000

/** Of each model, the half that is quick to make. */
const SMALL: Readonly<Record<Model, string>> = {
  '2025-11-01-preview': 'identity, namespace, certificates',
  '2026-11-01': 'identity, namespace'
}

/** Each shape of each model once, made by the action itself; every estate is put together from copies. */
export async function buildAll(azure: Emulator, repository: Repository): Promise<readonly Built[]> {
  const all: Built[] = []
  for (const model of MODELS) {
    all.push(...(await buildModel(azure, repository, model)))
    azure.reset()
  }
  return all
}

async function buildModel(
  azure: Emulator,
  repository: Repository,
  model: Model
): Promise<readonly Built[]> {
  const build = async (shape: Shape, more: Readonly<Record<string, string>> = {}) => {
    const before = thingsIn(azure.world)
    const name = model === MODELS[0] ? shape : `${shape}-linked`
    const inputs = { environment: name, 'service-version': model, 'expires-after': '7d', ...more }
    const run = await apply(azure, inputs, { job: { repository } })
    if (run.exitCode !== 0) throw new Error(told(run))
    const made = [...thingsIn(azure.world).keys()].filter((id) => !before.has(id))
    const world = copyWorld(azure.world)
    forgetTimes(world)
    const { server = '', id } = repository
    const key = `${server}#${id}/${name}`
    const built: Built = { key, name, shape, model, repository, inputs, made, world }
    return { built, outputs: run.outputs }
  }
  const platform = await build('platform')
  const guest = await build('guest', {
    namespace: platform.outputs['namespace-id'] ?? '',
    dps: platform.outputs['dps-id'] ?? ''
  })
  azure.reset()
  const whole = await build('whole')
  azure.reset()
  const small = await build('small', { phases: SMALL[model] })
  return [platform, guest, whole, small].map(({ built }) => built)
}

/** Each emulated Azure has a time of its own, and what one has granted or shown long ago the next would call future. */
function forgetTimes({ principals, roleAssignments, resources }: World): void {
  for (const id of principals.keys()) principals.set(id, 0)
  for (const { secret } of roleAssignments.values()) secret.effectiveAt = 0
  for (const { secret } of resources.values()) {
    delete secret.endpointsShownFrom
    delete secret.lastChildGoneAt
  }
}

/** Several environments in one Azure. */
export class Estate {
  readonly azure: Emulator
  readonly environments: readonly Built[]

  /** @param environments with the platform of each guest */
  constructor(azure: Emulator, environments: readonly Built[]) {
    this.azure = azure
    this.environments = environments
    const guests = environments.filter(({ shape }) => shape === 'guest')
    // A guest's copy holds its platform, as it is with that guest: it comes last.
    const others = environments.filter((one) => !guests.includes(one))
    for (const { world } of [...others, ...guests]) restoreWorld(azure.world, world)
  }

  get world(): World {
    return this.azure.world
  }

  get now(): number {
    return Date.parse((this.azure.state() as { time: string }).time)
  }

  /** What is there of the environment, of that type. */
  find({ made }: Built, type: string): Resource | undefined {
    const pattern = new RegExp(`/${type}/[^/]+$`, 'i')
    const id = made.find((one) => pattern.test(one) && this.world.resources.has(one))
    return id === undefined ? undefined : (this.world.resources.get(id) as Resource)
  }

  group(environment: Built): Resource | undefined {
    return this.find(environment, 'resourceGroups')
  }

  /** The DPS that it uses, whosever it is. */
  dps(environment: Built): Resource | undefined {
    const platform = this.platformOf(environment)
    return this.find(platform ?? environment, 'provisioningServices')
  }

  /** The environment that a guest lives on. */
  platformOf({ shape, repository, model }: Built): Built | undefined {
    const isIt = (one: Built) =>
      one.shape === 'platform' && one.repository === repository && one.model === model
    return shape === 'guest' ? this.environments.find(isIt) : undefined
  }

  /** Writes when it ends: an hour ago, or in an hour. */
  end(environment: Built, expired: boolean): void {
    const tags = this.group(environment)?.body.tags as Record<string, string> | undefined
    if (tags)
      tags['iot-expires'] = new Date(this.now + (expired ? -HOUR_MS : 99 * HOUR_MS)).toISOString()
  }

  /** @returns the id as a key */
  put(id: string, body: Readonly<Record<string, unknown>>, secret: Stored['secret'] = {}): string {
    const name = id.slice(id.lastIndexOf('/') + 1)
    this.world.resources.set(key(id), { id, body: { ...structuredClone(body), id, name }, secret })
    return key(id)
  }

  /** A group of somebody's. Its name comes before those of the action, so that lists tell of it first. */
  putGroup(name: string, tags: Readonly<Record<string, string>> = {}): string {
    const subscription = `/subscriptions/${this.azure.env.AZURE_SUBSCRIPTION_ID}`
    const id = `${subscription}/resourceGroups/rg-0-${name}`
    this.put(id, {
      type: 'Microsoft.Resources/resourceGroups',
      location: 'westeurope',
      tags,
      properties: { provisioningState: 'Succeeded' }
    })
    return id
  }
}
