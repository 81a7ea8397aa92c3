interface Advice {
  /** Azure's code, or the IH code inside its message. */
  readonly code: string
  /** Narrows a code that means several things. */
  readonly pattern?: RegExp
  readonly advice: string
}

/** Known refusals and the next step; the first match counts. Codes of contract 2.5, 3, 6.5, 10 and 11. */
const TABLE: readonly Advice[] = [
  {
    code: 'AuthorizationFailed',
    pattern: /roleAssignments\/write/,
    advice:
      'the deploying identity may not grant roles. Give it `Role Based Access Control Administrator` on the resource group, or let an administrator make the grants and set `role-assignments: skip` (and `hub-app-grant: skip`).'
  },
  {
    code: 'AuthorizationFailed',
    pattern: /register\/action/,
    advice:
      'let somebody with Contributor on the subscription run `az provider register --namespace Microsoft.DeviceRegistry`, and the same for Microsoft.Devices and Microsoft.ManagedIdentity.'
  },
  {
    code: 'AuthorizationFailed',
    advice:
      'give the deploying identity `Contributor` on the resource group (or on the subscription, when the group is to be created). A grant made just now takes up to ten minutes.'
  },
  {
    code: 'PrincipalNotFound',
    advice:
      'the object id is not known in this tenant. For `hub-app-object-id` give the object id of the service principal, not the application id.'
  },
  {
    code: 'RoleAssignmentUpdateNotPermitted',
    advice:
      'an old assignment of a deleted identity has this name. Remove it: `az role assignment list --scope <resource> --all`, then `az role assignment delete --ids <id>`.'
  },
  {
    code: 'RoleDefinitionDoesNotExist',
    advice: 'check `hub-role-definition-id` and `cloud`.'
  },
  {
    code: 'RoleAssignmentLimitExceeded',
    advice:
      'the subscription has 4000 role assignments. Delete those of identities that are gone: `az role assignment list --all`.'
  },
  {
    code: 'MissingSubscriptionRegistration',
    advice:
      'run with the phase `identity`, which registers the resource providers, or `az provider register`.'
  },
  {
    code: 'CredentialQuotaExceeded',
    advice:
      'a tenant gets few credentials per region. Share one namespace between environments: give its ARM id with the input `namespace`.'
  },
  {
    code: 'IH400913',
    advice:
      'the identity has no effective `Azure Device Registry Contributor` on the namespace. Run with the phase `namespace`, or let an administrator grant it.'
  },
  {
    code: '403000',
    advice:
      'the DPS cannot reach the namespace. Check the roles of its identity on the namespace, and that the namespace is not in state Failed.'
  },
  {
    code: '401002',
    advice:
      'the DPS refused the sign-in. With `enrollment-auth: entra`, and with `auto` where its keys cannot be read, the deploying identity needs `Device Provisioning Service Data Contributor` on the DPS. Where keys are disabled on it, set `enrollment-auth: entra`.'
  },
  {
    code: 'NoRegisteredProviderFound',
    advice:
      'the subscription does not offer this api-version. Ask Microsoft for access to the preview of certificate management, or use a release of this action that speaks one of the versions that Azure names.'
  },
  {
    code: 'SubscriptionNotFound',
    advice:
      'check `subscription-id`, and that the deploying identity has a role in that subscription.'
  }
]

/** The next step for a refusal, or undefined for one that is not known. */
export function adviceFor(
  code: string,
  innerCode: string | undefined,
  reason: string
): string | undefined {
  return TABLE.find(
    (entry) =>
      (entry.code === code || entry.code === innerCode) &&
      (entry.pattern === undefined || entry.pattern.test(reason))
  )?.advice
}
