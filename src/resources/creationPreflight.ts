import type { NameCheck } from '../azure/clients/sdk.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { See } from '../engine/step.ts'
import { type Change, cannot, type Problem, type Verdict } from '../engine/verdict.ts'
import type { Tools } from './context.ts'

/** What stands against one more of a kind: a limit that is reached, or one that may be. */
export interface Quota {
  readonly problem?: Problem
  readonly warning?: string
}

/** What is known of a resource that is not there: what stands against making it. */
export interface CreationPreflight {
  /** Azure's word on why a globally unique name cannot be had. */
  readonly nameTaken?: string | undefined
  /** Azure said that the globally unique name can be had; not so when it did not answer. */
  readonly nameFree?: boolean
  /** Whether its globally unique name can be had was to be asked, and Azure did not answer. */
  readonly nameUnchecked?: boolean
  /** What stands against one more of its kind. */
  readonly quota?: Quota | undefined
  /** The resource group that it should lie in does not exist, and is not this environment's to make. */
  readonly resourceGroupMissing: boolean
}

/** What there is to ask and to judge before one kind of resource is made. */
export interface CreationQuestions {
  /** Id of the resource group that it lies in, when this environment does not make that one. */
  readonly elsewhere?: string | undefined
  /** Whether the globally unique name can be had; undefined when Azure does not tell. */
  readonly checkName?: (signal: AbortSignal) => Promise<NameCheck | undefined>
  readonly quota?: (see: See, signal: AbortSignal) => Promise<Quota | undefined>
  /** Why a missing one cannot be created; undefined when it can. */
  readonly obstacle?: (see: See) => Verdict | undefined
  /** What only Azure can tell once it is made. */
  readonly unknown?: readonly string[]
  /** What a person wants to know of it before it is made, by property. */
  readonly shows?: (see: See) => Readonly<Record<string, unknown>>
}

export async function preflightCreation(
  { azure }: Tools,
  { elsewhere, ...options }: CreationQuestions,
  see: See,
  signal: AbortSignal
): Promise<CreationPreflight> {
  const operation = 'read Resource group'
  const [name, quota, group] = await Promise.all([
    options.checkName?.(signal),
    options.quota?.(see, signal),
    elsewhere === undefined
      ? undefined
      : azure.arm.get(elsewhere, VERSIONS.resources, { operation, signal })
  ])
  return {
    nameTaken: name?.taken,
    nameFree: name !== undefined && name.taken === undefined,
    nameUnchecked: options.checkName !== undefined && name === undefined,
    quota,
    resourceGroupMissing: elsewhere !== undefined && group === undefined
  }
}

/** A resource that is missing, and what to ask before it is made. */
interface Missing {
  readonly kind: string
  readonly resource: string
  readonly input: string
  readonly create: CreationQuestions
}

/** Pure: it is made, unless something stands against it. */
export function judgeCreation(
  missing: Missing,
  { nameTaken, nameUnchecked, quota, resourceGroupMissing }: CreationPreflight,
  see: See
): Verdict {
  if (resourceGroupMissing) return cannot(noGroup(missing))
  if (nameTaken !== undefined) return cannot(takenName(missing, nameTaken))
  if (quota?.problem) return cannot(quota.problem)
  const { unknown, obstacle, shows } = missing.create
  const { warning } = quota ?? {}
  const changes = born(shows?.(see))
  return (
    obstacle?.(see) ?? {
      action: 'create',
      ...(changes.length > 0 && { changes }),
      ...(unknown && { unknown }),
      ...(nameUnchecked && { unchecked: ['whether its name is available'] }),
      ...(warning && { warning })
    }
  )
}

/** What is created, as changes of what is absent; what nobody asks for is left out. */
export function born(properties: Readonly<Record<string, unknown>> = {}): readonly Change[] {
  return Object.entries(properties).flatMap(([property, after]) =>
    after === undefined ? [] : [{ property, before: undefined, after }]
  )
}

function noGroup({ kind, resource, input }: Missing): Problem {
  return {
    what: `${kind} ${resource} does not exist, and neither does the resource group in its id`,
    advice: `Check the id given with the input \`${input}\`; a resource group other than the environment's own is not made here.`
  }
}

function takenName({ kind, resource, input }: Missing, reason: string): Problem {
  return {
    what: `${kind} ${resource} does not exist here and its name is not available: ${reason.replace(/\.$/, '')}`,
    advice: `Names are unique in all of Azure. Give another one with the input \`${input}\`. If you deleted it just now, Azure frees the name within minutes: run again then.`
  }
}
