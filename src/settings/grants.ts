import { isGuid, type Parse } from './parsers.ts'
import type { Report } from './problems.ts'
import { formatResourceId, parseResourceId } from './resourceId.ts'
import type { GrantSpec } from './settings.ts'

const TYPE = 'Microsoft.Authorization/roleDefinitions'

/** A role definition: its GUID, and the subscription when the input was a full id with one. */
export interface RolePointer {
  readonly guid: string
  readonly subscriptionId?: string
}

/** Built-in roles are also written without a subscription, as `az role definition list` does at tenant scope. */
export const roleDefinition: Parse<RolePointer> = (text, complain) => {
  const tenantWide = /^\/providers\/Microsoft\.Authorization\/roleDefinitions\/([^/]+)$/i.exec(text)
  const plain = tenantWide?.[1] ?? text
  if (isGuid(plain)) return { guid: plain.toLowerCase() }
  const id = parseResourceId(text)
  const fits = id?.type.toLowerCase() === TYPE.toLowerCase() && id.resourceGroup === undefined
  if (id !== undefined && fits && isGuid(id.names[0])) {
    return { guid: id.names[0].toLowerCase(), subscriptionId: id.subscriptionId.toLowerCase() }
  }
  complain(text, `must be a GUID or /subscriptions/ID/providers/${TYPE}/GUID`)
  return undefined
}

export interface GrantInputs {
  readonly 'role-assignments': 'manage' | 'skip'
  readonly 'hub-app-grant': GrantSpec['hubApp']
  readonly 'hub-app-object-id': string | undefined
  readonly 'onboarding-role': boolean
  readonly 'hub-role-definition-id': RolePointer | undefined
}

/** What the config file says of grants. */
interface GrantEntry {
  readonly 'issue-certificates'?: boolean | undefined
  readonly 'register-devices'?: boolean | undefined
}

export function chooseGrants(
  inputs: GrantInputs,
  entry: GrantEntry = {},
  subscriptionId: string,
  report: Report
): GrantSpec {
  const hubApp = inputs['hub-app-grant']
  const role = inputs['hub-role-definition-id']
  if (hubApp === 'skip' && inputs['hub-app-object-id'] !== undefined) {
    report(
      'hub-app-object-id',
      undefined,
      'has no meaning with hub-app-grant: skip; remove one of the two'
    )
  }
  const elsewhere = role?.subscriptionId !== undefined && role.subscriptionId !== subscriptionId
  if (elsewhere && subscriptionId !== '') {
    const rule = `must be in the subscription of subscription-id, ${subscriptionId}`
    report('hub-role-definition-id', role.subscriptionId, rule)
  }
  return {
    manage: inputs['role-assignments'] === 'manage',
    hubApp,
    hubAppObjectId: inputs['hub-app-object-id'],
    onboarding: inputs['onboarding-role'],
    hubRoleDefinitionId:
      role &&
      formatResourceId({
        subscriptionId,
        resourceGroup: undefined,
        type: TYPE,
        names: [role.guid]
      }),
    issueCertificates: entry['issue-certificates'] ?? true,
    registerDevices: entry['register-devices'] ?? true
  }
}
