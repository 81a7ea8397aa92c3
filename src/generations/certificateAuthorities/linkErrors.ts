import { AzureError } from '../../azure/errors/azureError.ts'
import { sameId } from '../../settings/resourceId.ts'

/** Why Azure did not link a hub or DPS, as the endpoint or the operation tells it. */
export interface LinkRefusal {
  readonly code: string
  readonly message: string
}

/** Who acts on what: a refusal that names somebody or something else is none that passes. */
export interface Acting {
  /** Object id of the identity by which the namespace acts outwards. */
  readonly principalId: string | undefined
  /** ARM id of the hub or DPS. */
  readonly target: string
}

/**
 * What a refusal calls for (contract B 3.6). `grants`: they are not in effect yet; `invalid`: hides one that is not, or a
 * mistake that stays; `target`: the hub or DPS is not ready; `final`: nothing that passes.
 */
export type RefusalClass = 'grants' | 'invalid' | 'target' | 'final'

const WHILE_GRANTS_LAG = [
  'AdrMiNotAuthorized',
  'NamespaceMiTokenAcquisitionFailed',
  'OutboundIdentityUnavailable',
  'AuthorizationFailed'
]

export function classOf({ code, message }: LinkRefusal, acting: Acting): RefusalClass {
  if (WHILE_GRANTS_LAG.some((one) => sameId(one, code))) return 'grants'
  if (sameId(code, 'LinkableResourceNotReady')) return 'target'
  if (!sameId(code, 'LinkInitiateFailed')) return 'final'
  if (/rejected the link request as invalid/i.test(message)) return 'invalid'
  return /not authorized to link/i.test(message) && isOurs(message, acting) ? 'grants' : 'final'
}

/** The refusal names identity and scope; where it names none, it is about this link. */
function isOurs(message: string, { principalId, target }: Acting): boolean {
  const [, objectId] = /object id '([^']*)'/i.exec(message) ?? []
  const [, scope] = /over scope '([^']*)'/i.exec(message) ?? []
  return (
    (objectId === undefined || sameId(objectId, principalId)) &&
    (scope === undefined || sameId(scope, target)) &&
    (!/perform action '/i.test(message) || /linkInitiate\/action'/i.test(message))
  )
}

/** The words of an error that ended the operation of a link. */
export function refusalIn(error: unknown): LinkRefusal | undefined {
  if (!(error instanceof AzureError)) return undefined
  const linking = /^Link|^AdrMi|ManagedIdentity|MiToken|OutboundIdentity/i.test(error.code)
  return linking || error.fromOperation ? { code: error.code, message: error.reason } : undefined
}

/** What is to be done about a refusal that stays. */
export class LinkError extends Error {
  constructor(
    { namespaceId, target }: { readonly namespaceId: string; readonly target: string },
    { code, message }: LinkRefusal,
    tried: string
  ) {
    super(
      [
        `Azure did not link ${target} to the namespace ${namespaceId} ${tried}.`,
        `Azure said ${code}: ${message}`,
        'What to do: look at the role assignments, then run again, which links it anew:',
        `  az role assignment list --scope ${target}`,
        `  az role assignment list --scope ${namespaceId}`,
        `  az rest --method get --url ${namespaceId}?api-version=2026-11-01 --query properties`
      ].join('\n')
    )
    this.name = 'LinkError'
  }
}
