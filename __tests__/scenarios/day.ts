import { isDeepStrictEqual } from 'node:util'
import { key, within } from '../../emulator/ids.ts'
import type { Emulator } from '../../emulator/index.ts'
import type { Exchange } from '../../emulator/record.ts'
import type { ActionRun } from '../../scripts/runner.ts'
import { type Built, Estate } from './estate.ts'
import type { Planted } from './hazard.ts'
import { HAZARDS, type HazardName } from './hazards.ts'
import { Ledger, lessBy, liesAt, type Things, thingsIn } from './ledger.ts'
import { apply } from './pool.ts'

/** When a hazard comes: before all runs, or at the n-th such request of the first. */
export interface Moment {
  readonly method?: 'GET' | 'PUT' | 'DELETE'
  /** Of those that list what lies in a group. */
  readonly lists?: true
  readonly nth: number
}

export interface Coming {
  readonly name: HazardName
  readonly pick: number
  readonly environment: Built
  readonly moment: Moment | undefined
  /** It comes early enough to be seen by every list that counts: no lateness excuses its loss. */
  readonly promised?: boolean
}

interface Come extends Planted {
  readonly name: HazardName
  /** The request that it came with; -1 for one that was there before. */
  readonly at: number
  readonly promised: boolean
}

export interface Work {
  readonly operation: 'apply' | 'destroy' | 'sweep'
  readonly environment: Built
  readonly dryRun: boolean
}

/** What a run did to an estate. */
interface Seen {
  readonly run: ActionRun
  readonly before: Things
  readonly after: Things
  readonly gone: readonly string[]
  readonly requests: readonly Exchange[]
}

/** An estate on a day on which things happen to it. */
export class Day {
  readonly estate: Estate
  readonly #ledger = new Ledger()
  readonly #come: Come[] = []
  readonly #ended = new Set<Built>()
  readonly #listLagMs: number
  /** What is wrong, in words. */
  readonly wrong: string[] = []
  /** Hazards that something was deleted beside. */
  readonly beside: string[] = []

  /** @param listLagMs emulated milliseconds until lists show what is new */
  constructor(
    azure: Emulator,
    environments: readonly Built[],
    ended: readonly boolean[],
    listLagMs: number
  ) {
    this.#listLagMs = listLagMs
    azure.configure({ latency: { listLag: listLagMs } })
    this.estate = new Estate(azure, environments)
    environments.forEach((environment, index) => {
      this.#ledger.made(environment.made, environment.key)
      this.estate.end(environment, ended[index] === true)
      if (ended[index]) this.#ended.add(environment)
    })
  }

  /** Runs the action once, while what is coming comes. */
  async work(work: Work, coming: readonly Coming[]): Promise<void> {
    const { azure, world } = this.estate
    for (const one of coming) if (one.moment === undefined) this.#plant(one, -1)
    const from = azure.requests.length
    const before = new Map(thingsIn(world))
    const waiting = coming.filter(({ moment }) => moment !== undefined)
    azure.watch((request) => {
      const sent = azure.requests.slice(from)
      for (const [index, one] of [...waiting.entries()].reverse()) {
        const { nth = 1, ...kind } = one.moment ?? {}
        if (!isOf(kind, request)) continue
        if (sent.filter((earlier) => isOf(kind, earlier)).length < nth) continue
        waiting.splice(index, 1)
        const known = thingsIn(world)
        this.#plant(one, sent.length - 1)
        // What came with it, and not what the run itself has made since, as Reader on a group for a while.
        for (const [id, thing] of thingsIn(world))
          if (!isDeepStrictEqual(known.get(id), thing)) before.set(id, thing)
      }
    })
    const run = await apply(azure, inputsOf(work), {
      job: { repository: work.environment.repository }
    })
    azure.watch(() => {})
    const after = thingsIn(world)
    const requests = azure.requests.slice(from)
    this.#judge(work, { run, before, after, gone: lessBy(before, after), requests })
    if (work.operation === 'apply') {
      this.#ledger.made(lessBy(after, before), work.environment.key)
    }
  }

  #plant({ name, pick, environment, promised = false }: Coming, at: number): void {
    const planted = HAZARDS[name](this.estate, environment, pick)
    if (planted === undefined) return
    this.#ledger.theirs(planted.theirs)
    this.#come.push({ ...planted, name, at, promised })
  }

  #judge(work: Work, seen: Seen): void {
    const { run, before, gone } = seen
    const allowed = this.#allowed(work).map(({ key }) => key)
    const wrongly = this.#ledger
      .wronglyGone(before, gone, allowed)
      .filter((thing) => !this.#cameTooLate(thing, seen.requests))
    const what = `${work.operation} of ${work.environment.key}`
    this.wrong.push(...wrongly.map((thing) => `${what} took ${thing}`))
    const lied = stillThere(run, seen.after)
    this.wrong.push(...lied.map((thing) => `${what} says that it removed ${thing}`))
    const announced = this.#ledger.notOf(
      planned(run).filter(
        (thing) => !this.#come.some(({ at, theirs }) => at >= 0 && theirs.includes(thing))
      ),
      this.#allowed({ ...work, dryRun: false }).map(({ key }) => key)
    )
    this.wrong.push(...announced.map((thing) => `${what} announces that it removes ${thing}`))
    // What nothing stands beside goes whole: otherwise all the rest would hold of an action that does nothing.
    const { environment, operation, dryRun } = work
    const alone = this.#come.length === 0 && !this.#shared(environment)
    if (operation === 'destroy' && !dryRun && alone) {
      const left = environment.made.filter((thing) => seen.after.has(thing))
      this.wrong.push(...left.map((thing) => `${what} left ${thing}`))
      if (run.exitCode !== 0) this.wrong.push(`${what} failed`)
    }
    if (operation !== 'apply' && gone.length > 0) this.#count(work, gone)
  }

  /** Whose things this run may take. */
  #allowed({ operation, environment, dryRun }: Work): readonly Built[] {
    if (dryRun || operation === 'apply') return []
    if (operation === 'destroy') return [environment]
    return [...this.#ended].filter(({ repository }) => repository === environment.repository)
  }

  /** Azure deletes what comes between the last look into a container and its deletion; that window the README names. */
  #cameTooLate(thing: string, requests: readonly Exchange[]): boolean {
    const arrival = this.#come.findLast(({ theirs, at }) => at >= 0 && theirs.includes(thing))
    if (arrival === undefined || arrival.promised) return false
    const paths = requests.map(({ url }) => pathOf(url))
    const end = requests.findIndex(
      ({ method, status }, index) =>
        method === 'DELETE' && status >= 200 && status < 300 && within(thing, paths[index] ?? '')
    )
    if (end < 0) return false
    const container = paths[end] ?? ''
    const last = (path: string, skip = 0) =>
      requests
        .flatMap(({ method }, index) =>
          index < end && method === 'GET' && paths[index] === path ? [index] : []
        )
        .at(-1 - skip) ?? -1
    if (container === thing) return arrival.at > last(thing)
    const list = last(`${container}/resources`)
    // A container is read, then its contents are listed, then it is read again, for whose it is.
    if (list < 0) return arrival.at >= last(container, 1)
    const shownFrom = timeOf(requests[arrival.at]) + this.#listLagMs
    return arrival.at >= list || shownFrom > timeOf(requests[list])
  }

  #shared({ shape, repository, model }: Built): boolean {
    const { environments } = this.estate
    const guest = environments.some(
      (one) => one.shape === 'guest' && one.repository === repository && one.model === model
    )
    return guest && (shape === 'guest' || shape === 'platform')
  }

  #count({ operation, environment }: Work, gone: readonly string[]): void {
    const { environments } = this.estate
    const makers = new Set(gone.map((thing) => this.#ledger.makerOf(thing)))
    const hit = environments.filter((one) => makers.has(one.key))
    const others = environments.filter((one) => !hit.includes(one))
    const near = this.#come.filter(({ beside }) => liesAt(gone, beside))
    const counted = new Set<string>(near.map(({ name }) => name))
    if (near.some(({ at }) => at >= 0)) counted.add('arrived meanwhile')
    if (hit.some((one) => this.#shared(one))) counted.add('shared')
    if (new Set(environments.map(({ model }) => model)).size > 1) counted.add('both models')
    for (const { model } of hit) counted.add(`of ${model}`)
    for (const one of hit) {
      const twin = ({ name, repository }: Built) =>
        name === one.name && repository.id === one.repository.id && repository !== one.repository
      if (others.some(twin)) counted.add('same repository id')
    }
    if (operation === 'sweep' && others.some((one) => one.repository === environment.repository)) {
      counted.add('living neighbour')
    }
    this.beside.push(...counted)
  }
}

function inputsOf({ operation, environment, dryRun }: Work): Readonly<Record<string, string>> {
  const { name, inputs, repository } = environment
  if (operation === 'apply') return { ...inputs, operation }
  // A teardown finds out by itself which model the environment is of.
  const dry = { operation, 'dry-run': String(dryRun), 'service-version': '' }
  return operation === 'destroy'
    ? { ...dry, environment: name, confirm: name }
    : { ...dry, environment: '', location: '', confirm: repository.name }
}

function isOf({ method, lists }: Omit<Moment, 'nth'>, request: Exchange): boolean {
  if (method !== undefined && method !== request.method) return false
  return !lists || (request.method === 'GET' && pathOf(request.url).endsWith('/resources'))
}

function timeOf(request: Exchange | undefined): number {
  return Date.parse(request?.time ?? '')
}

function pathOf(url: string): string {
  return key(decodeURIComponent(new URL(url, 'https://proxy').pathname))
}

interface Item {
  readonly id: string
  readonly resource: string
}

interface Result {
  readonly steps: readonly (Item & { readonly outcome: string })[]
  readonly environments?: readonly { readonly outcome: string }[]
}

/** What a run says is gone, and is not. */
function stillThere({ log, outputs }: ActionRun, after: Things): readonly string[] {
  const { steps, environments = [] } = JSON.parse(outputs.result ?? '{"steps":[]}') as Result
  const said = log.includes('everything that was to be removed is gone.')
  const failed = environments.some(({ outcome }) => outcome === 'failed')
  if (!said || failed) return []
  return thingsOf(steps.filter(({ outcome }) => outcome === 'removed')).filter((thing) =>
    after.has(thing)
  )
}

/** What a run plans to remove. */
function planned({ outputs }: ActionRun): readonly string[] {
  const { items } = JSON.parse(outputs.plan ?? '{"items":[]}') as {
    readonly items: readonly (Item & { readonly action: string })[]
  }
  return thingsOf(items.filter(({ action }) => action === 'remove'))
}

/** A grant's step names its scope, which is another thing. */
function thingsOf(items: readonly Item[]): readonly string[] {
  return items
    .filter(({ id }) => !id.startsWith('grant/'))
    .map(({ resource }) => key(resource.replace(/#(.*)$/, '/links/$1.azure-devices.net')))
}
