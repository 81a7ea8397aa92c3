import { linkToNamespace } from '../../../../src/generations/certificateAuthorities/linkStep.ts'
import type {
  LinkingNamespace,
  Section
} from '../../../../src/generations/certificateAuthorities/model.ts'
import type { Dps, Hub } from '../../../../src/resources/model.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import type { GrantFacts } from '../../../../src/steps/grants.ts'
import { CLAIM, clockAt, seeing, signal, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { DPS, HUB, NAMESPACE, namespaceWith } from './sample.ts'

const OWN = { type: 'SystemAssigned', principalId: 'p' }
export interface World {
  readonly section?: Section
  readonly namespace?: LinkingNamespace | undefined
  readonly owner?: Owner | 'missing'
  readonly more?: Partial<Hub & Dps>
  readonly weight?: number
  readonly linkExisting?: boolean
  /** When each grant was made; undefined for one that was there. */
  readonly grants?: readonly (number | undefined)[]
  /** Hubs that are to be linked, besides this one. */
  readonly others?: number
}

export function worldOf(world: World) {
  const {
    section = 'messaging',
    owner = 'ours',
    more = {},
    weight,
    linkExisting = false,
    grants = [],
    others = 0
  } = world
  const found = 'namespace' in world ? world.namespace : namespaceWith({})
  const resourceId = section === 'messaging' ? HUB : DPS
  const namespace = standIn<{ resource: LinkingNamespace | undefined }>(NAMESPACE)
  const step = standIn<{ resource: Hub | Dps | undefined }>(resourceId)
  const link = {
    section,
    name: section === 'messaging' ? 'hub1' : 'dps1',
    resourceId,
    ...(weight !== undefined && { allocationWeight: weight })
  }
  const wanted = [
    link,
    ...Array.from({ length: others }, (_, at) => ({
      section,
      name: `w${at}`,
      resourceId: `/w${at}`
    }))
  ]
  const time = clockAt()
  const given = grants.map(
    (madeAt, at) => [standIn<GrantFacts>(`/grant${at}`), { madeAt }] as const
  )
  const judged = linkToNamespace(
    azureOf({ get: () => found }, { time }),
    { ownership: CLAIM.ownership, linkExisting },
    { id: 'link/x', kind: section === 'messaging' ? 'IoT hub' : 'DPS', phase: 'hub', link, wanted },
    {
      of: target(NAMESPACE),
      namespace,
      target: step,
      grants: given.map(([one]) => one),
      others: []
    }
  )
  const resource =
    owner === 'missing'
      ? undefined
      : tracked<Hub & Dps>(owner, resourceId, { identity: OWN, ...more })
  const see = seeing([namespace, { resource: found }], [step, { resource }], ...given)
  return { step: judged, see, time }
}

export async function verdictOf(world: World): Promise<string> {
  const { step, see } = worldOf(world)
  const verdict = step.judge(await step.observe(see, signal), see)
  if (verdict.action === 'cannot') return `cannot: ${verdict.problems[0]?.what}`
  if (verdict.action === 'change')
    return `change ${verdict.changes.map(({ property }) => property)}`
  if (verdict.action === 'create') return verdict.warning ? `create: ${verdict.warning}` : 'create'
  return 'reason' in verdict ? `${verdict.action}: ${verdict.reason}` : verdict.action
}
