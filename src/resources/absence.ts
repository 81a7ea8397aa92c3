import type { NameCheck } from '../azure/clients/sdk.ts'
import { VERSIONS } from '../azure/versions.ts'
import type { Problem, See, Verdict } from '../engine/step.ts'
import type { Quota } from '../steps/quotas.ts'
import type { Context } from './context.ts'
import { cannot } from './ownership.ts'

/** What is known of a resource that is not there: what stands against making it. */
export interface Absence {
  /** Azure's word on why a globally unique name cannot be had. */
  readonly nameTaken?: string | undefined
  /** Azure said that the globally unique name can be had; not so when it did not answer. */
  readonly nameFree?: boolean
  /** Whether its globally unique name can be had was to be asked, and Azure did not answer. */
  readonly nameUnchecked?: boolean
  /** What stands against one more of its kind. */
  readonly quota?: Quota | undefined
  /** The resource group that it should lie in does not exist, and is not this environment's to make. */
  readonly homeless: boolean
}

/** What there is to ask and to judge before one kind of resource is made. */
export interface AbsenceOptions {
  /** In Azure's words: `IoT hub`. */
  readonly kind: string
  /** ARM id. */
  readonly resource: string
  /** The input that names it, for advice. */
  readonly input: string
  /** Id of the resource group that it lies in, when this environment does not make that one. */
  readonly elsewhere?: string | undefined
  /** Whether the globally unique name can be had; undefined when Azure does not tell. */
  readonly checkName?: (signal: AbortSignal) => Promise<NameCheck | undefined>
  readonly quota?: (see: See, signal: AbortSignal) => Promise<Quota | undefined>
  /** Why a missing one cannot be created; undefined when it can. */
  readonly obstacle?: (see: See) => Verdict | undefined
  /** What only Azure can tell once it is made. */
  readonly unknown?: readonly string[]
}

export async function observeAbsence(
  { azure }: Context,
  { elsewhere, ...options }: AbsenceOptions,
  see: See,
  signal: AbortSignal
): Promise<Absence> {
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
    homeless: elsewhere !== undefined && group === undefined
  }
}

/** Pure: it is made, unless something stands against it. */
export function judgeAbsence(
  options: AbsenceOptions,
  { nameTaken, nameUnchecked, quota, homeless }: Absence,
  see: See
): Verdict {
  if (homeless) return cannot(noGroup(options))
  if (nameTaken !== undefined) return cannot(takenName(options, nameTaken))
  if (quota?.problem) return cannot(quota.problem)
  const { unknown, obstacle } = options
  const { warning } = quota ?? {}
  return (
    obstacle?.(see) ?? {
      action: 'create',
      ...(unknown && { unknown }),
      ...(nameUnchecked && { unchecked: ['whether its name can be had'] }),
      ...(warning && { warning })
    }
  )
}

function noGroup({ kind, resource, input }: AbsenceOptions): Problem {
  return {
    what: `${kind} ${resource} does not exist, and neither does the resource group in its id`,
    advice: `Check the id given with the input \`${input}\`; a resource group other than the environment's own is not made here.`
  }
}

function takenName({ kind, resource, input }: AbsenceOptions, reason: string): Problem {
  return {
    what: `${kind} ${resource} does not exist here and its name is not available: ${reason.replace(/\.$/, '')}`,
    advice: `Names are unique in all of Azure. Give another one with the input \`${input}\`. If you deleted it just now, Azure frees the name within minutes: run again then.`
  }
}
