import type { Azure } from '../azure/azure.ts'
import { IOT_HUB_APP_ID, type PrincipalLookup } from '../azure/clients/graph.ts'
import type { See, Step } from '../engine/step.ts'
import { cannot } from '../engine/verdict.ts'
import type { Claim } from '../resources/claim.ts'
import { isOurs } from '../resources/ownership.ts'
import type { GrantSpec } from '../settings/settings.ts'
import { type GrantFacts, grantsStep } from './grants.ts'
import type { ProviderFacts } from './providers.ts'
import type { GroupFacts } from './resourceGroup.ts'
import { assignmentsAhead, principalOfOwn } from './roleAssignments.ts'
import { CONTRIBUTOR } from './roles.ts'

export interface HubAppGrantFacts extends GrantFacts {
  /** What the directory said of the application. */
  readonly lookup: PrincipalLookup
}

/**
 * Contributor on the resource group for the IoT Hub application. Whether Azure needs it is an open question (contract
 * 18.3), hence optional by default, and then only on a group that this environment makes.
 */
export function hubAppGrantStep(
  azure: Pick<Azure, 'arm' | 'ahead' | 'graph' | 'permissions' | 'time'>,
  claim: Claim,
  { hubApp, hubAppObjectId }: Pick<GrantSpec, 'hubApp' | 'hubAppObjectId'>,
  {
    providers,
    group
  }: { readonly providers: Step<ProviderFacts>; readonly group: Step<GroupFacts> }
): Step<HubAppGrantFacts> {
  const scope = group.resource
  const kind = 'Grant to the IoT Hub application'

  const lookUp = async (signal: AbortSignal): Promise<PrincipalLookup> => {
    const assignments = await assignmentsAhead(azure, scope)
    const objectId =
      hubAppObjectId ?? principalOfOwn(assignments, scope, CONTRIBUTOR, IOT_HUB_APP_ID)
    return objectId === undefined
      ? azure.graph.servicePrincipal(IOT_HUB_APP_ID, signal)
      : { objectId }
  }

  const grant = grantsStep(azure, {
    id: 'grant/iot-hub-application',
    kind,
    phase: 'identity',
    scope,
    roles: [CONTRIBUTOR],
    application: IOT_HUB_APP_ID,
    principal: async (_see, signal) => (await lookUp(signal)).objectId,
    scopeExists: (see) => group.unmetRequirement(see(group)) === undefined,
    needs: [group],
    reads: [group]
  })

  /** Registering Microsoft.Devices brings the application into the tenant (contract 5.3, inferred). */
  const mayCome = (see: See) => providers.unmetRequirement(see(providers)) !== undefined

  const undone = (reason: string) => ({
    what: `${kind} on ${scope} was not made: ${reason}`,
    advice: `Let somebody who may read the directory run \`az role assignment create --assignee ${IOT_HUB_APP_ID} --role Contributor --scope ${scope}\`, or give the application's object id (\`az ad sp show --id ${IOT_HUB_APP_ID} --query id -o tsv\`) with the input \`hub-app-object-id\`. \`hub-app-grant: skip\` leaves the grant out.`
  })

  /** An optional grant is made on a group of ours only. */
  const isSomebodyElses = (see: See) => {
    const found = see(group).resource
    return hubApp === 'optional' && found !== undefined && !isOurs(claim, found)
  }

  return {
    ...grant,
    optional: hubApp === 'optional',
    checks: (facts, see) => (isSomebodyElses(see) ? [] : (grant.checks?.(facts, see) ?? [])),
    observe: async (see, signal) => {
      const facts = await grant.observe(see, signal)
      return { ...facts, lookup: await lookUp(signal) }
    },
    judge: (facts, see) => {
      const { lookup, missing } = facts
      if (isSomebodyElses(see)) return { action: 'keep', reason: 'the resource group is shared' }
      const unknown = missing.length > 0 && lookup.objectId === undefined
      if (!unknown || (!lookup.refused && mayCome(see))) {
        const verdict = grant.judge(facts, see)
        if (hubApp !== 'optional' || verdict.action !== 'cannot') return verdict
        return {
          action: 'skip',
          warning: verdict.problems.map(({ what, advice }) => `${what}. ${advice}`).join(' ')
        }
      }
      const problem = undone(lookup.reason)
      return hubApp === 'required'
        ? cannot(problem)
        : { action: 'skip', warning: `${problem.what}. ${problem.advice}` }
    },
    apply: async (task) => {
      const lookup = await lookUp(task.signal)
      if (lookup.objectId === undefined) {
        const { what, advice } = undone(lookup.reason)
        throw new Error(`${what}. ${advice}`)
      }
      return { ...(await grant.apply(task)), lookup }
    }
  }
}
