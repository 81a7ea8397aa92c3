import { anchorOf, lookUp } from './errorCatalogue.ts'

/** The right whose want Azure refused for. */
export interface MissingRight {
  readonly objectId: string
  readonly action: string
  readonly scope: string
  /** It may be there, under a condition that is not fulfilled: Azure does not tell which. */
  readonly conditional?: true
  /** What to do, where it is known for this very right; a role that has it is not always the way. */
  readonly advice?: string
}

/**
 * Resource Manager's sentence (contract 2.2), the same for every provider, and as Microsoft's page "Troubleshoot Azure RBAC"
 * has it, which leaves open whether the right is missing or a condition forbids its use.
 */
const SENTENCE =
  /with object id '([^']+)' does not have authorization( or an ABAC condition not fulfilled)? to perform action '([^']+)' over scope '([^']+)'/

/** @returns undefined when the message does not tell */
export function missingRight(code: string, reason: string): MissingRight | undefined {
  const [, objectId, either, action, scope] = SENTENCE.exec(reason) ?? []
  if (code !== 'AuthorizationFailed' || !objectId || !action || !scope) return undefined
  // An entry without a pattern speaks of any right, and says less than a command.
  const known = lookUp([code], reason)
  return {
    objectId,
    action,
    scope,
    ...(either && { conditional: true }),
    ...(known?.pattern && { advice: known.advice })
  }
}

/**
 * What is missing, and what to do: what is known of this right, else the command that gives it.
 *
 * @param allowed whether Azure tells that the roles of the identity allow it all the same; undefined when it was not asked,
 *   or does not tell
 */
export function missingRightText(right: MissingRight, allowed?: boolean): string {
  const { objectId, action, scope, conditional, advice } = right
  const told = {
    true: `the roles of the deploying identity (object id ${objectId}) do allow \`${action}\` at ${scope}: a grant made just now is not in effect yet, or a condition on the role, a deny assignment or a lock forbids it.`,
    false: `none of the roles of the deploying identity (object id ${objectId}) has \`${action}\` at ${scope}.`,
    undefined: `the deploying identity (object id ${objectId}) lacks \`${action}\` at ${scope}${conditional ? ', or a condition on its role forbids this use of it' : ''}.`
  }[`${allowed}`]
  const what =
    allowed === true
      ? `run again in ten minutes; if it persists, look at \`az role assignment list --assignee ${objectId} --scope ${scope} --include-inherited\`${conditional && advice ? `: ${advice}` : '.'}`
      : (advice ??
        `${commandFor(right)}, or give it a role of your own with that action. A grant takes up to ten minutes to be in effect.`)
  return [
    `Likely cause: ${told}`,
    `What to do: ${what} (docs/troubleshooting.md#${anchorOf('AuthorizationFailed')})`
  ].join('\n')
}

/** The least of Azure's own roles that has the action. */
function roleFor(action: string): string {
  return /\/read$/i.test(action) ? 'Reader' : 'Contributor'
}

/** A resource may not be there yet, nor its group when it is that which was to be made. */
function placeFor({ action, scope }: MissingRight): string {
  const [subscription = scope] = /^\/subscriptions\/[^/]+/i.exec(scope) ?? []
  const makesGroup = /^Microsoft\.Resources\/subscriptions\/resourceGroups\/(write|delete)$/i
  if (makesGroup.test(action)) return subscription
  return /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(scope)?.[0] ?? subscription
}

function commandFor(right: MissingRight): string {
  return `\`az role assignment create --assignee-object-id ${right.objectId} --assignee-principal-type ServicePrincipal --role "${roleFor(right.action)}" --scope ${placeFor(right)}\``
}
