import { VERSIONS } from '../azure/versions.ts'
import { livingBranches } from '../settings/branches.ts'
import { environmentNamed } from '../settings/environment.ts'
import { foldEnvironment } from '../settings/names.ts'
import { type Mark, markOf, repositoryTag } from '../settings/tags.ts'
import { Neighbours } from '../steps/neighbours.ts'
import type { Tracked } from '../steps/ownership.ts'
import { destroyEnvironment } from './destroy.ts'
import { Ledger, type Session } from './session.ts'

/** Environments torn down at once: each has several deletions in flight of its own, and ARM counts them together. */
const AT_ONCE = 3

/** An environment of this repository, and where Azure says how long it lives. */
interface Candidate {
  readonly environment: string
  /** Resources that carry an expiry or a branch: one resource each, as a rule. */
  readonly carriers: readonly Tracked[]
}

/** Destroys every environment of this repository that has expired, or whose branch is gone. */
export async function sweep(session: Session, ledger: Ledger): Promise<void> {
  const { settings, azure, log, signal } = session
  const { ownership } = settings.environment
  const [name, value] = repositoryTag(ownership)
  const neighbours = new Neighbours(azure, settings.environment)
  const found = await neighbours.tagged(name, value, signal)
  const branches = settings.sweep.goneBranches ? await livingBranches(settings) : undefined
  const candidates = candidatesAmong(found, session)
  log.info(
    `${candidates.length} environments of ${ownership.repository}: ${candidates.map(({ environment }) => environment).join(', ') || 'none'}`
  )

  const waiting = [...candidates]
  const errors: string[] = []
  const work = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const error = await sweepOne(next, branches, session, ledger)
      if (error !== undefined) errors.push(`${next.environment}: ${error}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  signal.throwIfAborted()
  if (errors.length > 0) {
    throw new Error([`${errors.length} environments could not be removed:`, ...errors].join('\n'))
  }
}

function candidatesAmong(found: readonly Tracked[], session: Session): readonly Candidate[] {
  const { ownership } = session.settings.environment
  const byName = new Map<string, { environment: string; carriers: Tracked[] }>()
  for (const resource of found) {
    const mark = markOf(resource.tags, ownership)
    if (mark === undefined) continue
    const folded = foldEnvironment(mark.environment)
    const candidate = byName.get(folded) ?? { environment: mark.environment, carriers: [] }
    byName.set(folded, candidate)
    candidate.carriers.push(resource)
  }
  return [...byName.values()]
}

/** @returns why it failed; one failure does not stop the others */
async function sweepOne(
  { environment, carriers }: Candidate,
  branches: ReadonlySet<string> | undefined,
  session: Session,
  ledger: Ledger
): Promise<string | undefined> {
  const { settings, log } = session
  const tell = (
    reason: string,
    outcome: 'removed' | 'would be removed' | 'left' | 'failed',
    error?: string
  ) => {
    ledger.swept = [...ledger.swept, { environment, reason, outcome, ...(error && { error }) }]
    log.info(`${outcome.padEnd(16)}  environment ${environment}: ${reason}`)
    return error
  }
  try {
    // The list may be minutes old, and a run may have prolonged the environment since.
    const marks = await Promise.all(carriers.map((carrier) => freshMark(carrier, session)))
    const { doomed, reason } = judge(
      marks.filter((mark) => mark !== undefined),
      branches,
      session
    )
    if (!doomed) return tell(reason, 'left')
    const own = new Ledger()
    try {
      await destroyEnvironment(environmentNamed(settings.environment, environment), session, own)
    } finally {
      ledger.results = [...ledger.results, ...own.results]
      const items = [...(ledger.plan?.items ?? []), ...(own.plan?.items ?? [])]
      ledger.plan = { items, unmanaged: [] }
    }
    return tell(reason, settings.dryRun ? 'would be removed' : 'removed')
  } catch (error) {
    return tell(
      'it could not be removed',
      'failed',
      error instanceof Error ? error.message : String(error)
    )
  }
}

async function freshMark(
  { id }: Tracked,
  { azure, settings, signal }: Session
): Promise<Mark | undefined> {
  const isGroup = !id.includes('/providers/')
  // The tags of any resource, without having to know its provider's versions (contract 20.2).
  const now = await azure.arm.get<Tracked & { readonly properties?: { tags?: Tracked['tags'] } }>(
    isGroup ? id : `${id}/providers/Microsoft.Resources/tags/default`,
    VERSIONS.resources,
    { operation: 'read the tags of', signal }
  )
  return markOf(now?.tags ?? now?.properties?.tags, settings.environment.ownership)
}

function judge(
  marks: readonly Mark[],
  branches: ReadonlySet<string> | undefined,
  { azure }: Session
): { readonly doomed: boolean; readonly reason: string } {
  const expiries = marks.flatMap(({ expires }) => (expires === undefined ? [] : [expires]))
  const expires = expiries.length === 0 ? undefined : Math.max(...expiries)
  if (expires !== undefined && expires <= azure.time.now()) {
    return { doomed: true, reason: `it expired at ${new Date(expires).toISOString()}` }
  }
  const recorded = [...new Set(marks.flatMap(({ branch }) => branch ?? []))]
  if (branches !== undefined && recorded.length > 0) {
    const living = recorded.filter((branch) => branches.has(branch))
    if (living.length === 0) {
      return { doomed: true, reason: `its branch ${recorded.join(', ')} is gone` }
    }
  }
  if (expires === undefined) return { doomed: false, reason: 'it has no expiry' }
  return { doomed: false, reason: `it lives until ${new Date(expires).toISOString()}` }
}
