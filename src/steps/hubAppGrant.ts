import { IOT_HUB_APP_ID } from '../azure/graph.ts'
import type { Step } from '../engine/step.ts'
import type { Context } from './context.ts'
import { type GrantFacts, grantsStep } from './grants.ts'
import { cannot, isOurs } from './ownership.ts'
import type { GroupFacts } from './resourceGroup.ts'
import { CONTRIBUTOR } from './roles.ts'

export interface HubAppGrantFacts extends GrantFacts {
  /** Why the application's object id is not known; undefined when it is. */
  readonly unknownBecause: string | undefined
}

/**
 * Contributor on the resource group for the IoT Hub application. Whether Azure needs it is an open question (contract
 * 18.3), hence optional by default, and then only on a group that this environment makes.
 */
export function hubAppGrantStep(context: Context, group: Step<GroupFacts>): Step<HubAppGrantFacts> {
  const { azure, environment } = context
  const { hubApp, hubAppObjectId } = environment.grants
  const scope = environment.group.id
  const kind = 'Grant to the IoT Hub application'

  const grant = grantsStep(context, {
    id: 'grant/iot-hub-application',
    kind,
    phase: 'identity',
    scope,
    roles: [CONTRIBUTOR],
    principal: async (_see, signal) => hubAppObjectId ?? (await lookUp(signal)).objectId,
    scopeExists: (see) => group.lacks(see(group)) === undefined,
    needs: [group],
    reads: [group]
  })

  const lookUp = (signal: AbortSignal) => azure.graph.servicePrincipal(IOT_HUB_APP_ID, signal)

  return {
    ...grant,
    optional: hubApp === 'optional',
    observe: async (see, signal) => {
      const facts = await grant.observe(see, signal)
      if (facts.principalId !== undefined) return { ...facts, unknownBecause: undefined }
      return { ...facts, unknownBecause: (await lookUp(signal)).reason }
    },
    judge: (facts, see) => {
      const found = see(group).resource
      if (hubApp === 'optional' && found !== undefined && !isOurs(environment, found)) {
        return { action: 'keep', reason: 'the resource group is shared' }
      }
      if (facts.missing.length === 0 || facts.unknownBecause === undefined) {
        return grant.judge(facts, see)
      }
      const what = `${kind} on ${scope} was not made: ${facts.unknownBecause}`
      const advice = `Let somebody who may read the directory run \`az role assignment create --assignee ${IOT_HUB_APP_ID} --role Contributor --scope ${scope}\`, or give the application's object id (\`az ad sp show --id ${IOT_HUB_APP_ID} --query id -o tsv\`) with the input \`hub-app-object-id\`. \`hub-app-grant: skip\` does without.`
      return hubApp === 'required'
        ? cannot({ what, advice })
        : { action: 'skip', warning: `${what}. ${advice}` }
    },
    apply: async (task) => ({ ...(await grant.apply(task)), unknownBecause: undefined })
  }
}
