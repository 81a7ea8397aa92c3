import type { CatalogueEntry } from './catalogueEntry.ts'
import { ENTRA_ERRORS } from './entraErrors.ts'
import { NETWORK_ERRORS } from './networkErrors.ts'
import { RIGHTS_ERRORS } from './rightsErrors.ts'

/** The first match counts. Codes of contract 2.5, 3, 5, 6.5, 10, 11 and 20.5, and general ones of Azure Resource Manager. */
export const ERROR_CATALOGUE: readonly CatalogueEntry[] = [
  ...RIGHTS_ERRORS,
  {
    code: 'PrincipalNotFound',
    meaning:
      'The directory does not know the principal, not even after the three minutes that a new one may take.',
    advice:
      'the object id is not known in this tenant. For `hub-app-object-id` give the object id of the service principal, not the application id.'
  },
  {
    code: 'RoleAssignmentUpdateNotPermitted',
    meaning: 'The name of the role assignment is taken by one for another principal or role.',
    advice:
      'an old assignment of a deleted identity has this name. Remove it: `az role assignment list --scope <resource> --all`, then `az role assignment delete --ids <id>`.'
  },
  {
    code: 'RoleDefinitionDoesNotExist',
    meaning: 'The role is not known in this tenant.',
    advice: 'check `hub-role-definition-id` and `cloud`.'
  },
  {
    code: 'RoleAssignmentLimitExceeded',
    meaning: 'The subscription has as many role assignments as Azure allows.',
    advice:
      'the subscription has 4000 role assignments. Delete those of identities that are gone: `az role assignment list --all`.'
  },
  {
    code: 'MissingSubscriptionRegistration',
    meaning: 'The resource provider is not registered in the subscription.',
    advice:
      'run with the phase `identity`, which registers the resource providers, or `az provider register`.'
  },
  {
    code: 'CredentialQuotaExceeded',
    meaning: 'The tenant has as many credentials (root CAs) in this region as Azure allows.',
    advice:
      'a tenant gets few credentials per region. Share one namespace between environments: give its ARM id with the input `namespace`.'
  },
  {
    code: 'SecondPolicy',
    meaning:
      'The namespace may have one policy only: later editions of the preview mention one credential and one policy per namespace.',
    advice:
      'give `policies` one entry, that of the policy that is there, or delete that one when nothing uses it. Where devices need two, give each an environment with another namespace, or wait for a release of this action that speaks the successor of this preview, in which each issuing CA of a namespace has its policy.'
  },
  {
    code: 'IH400913',
    meaning:
      'Hub or DPS may not reach the namespace: the roles of its identity there are missing, or were not in effect after ten minutes.',
    advice:
      'the identity has no effective `Azure Device Registry Contributor` on the namespace. Run with the phase `namespace`, or let an administrator grant it.'
  },
  {
    code: '403000',
    meaning: 'The DPS may not reach the namespace.',
    advice:
      'the DPS cannot reach the namespace. Check the roles of its identity on the namespace, and that the namespace is not in state Failed.'
  },
  {
    code: '401002',
    meaning: 'The DPS refused the key or the identity.',
    advice:
      'the DPS refused the sign-in. With `enrollment-auth: entra`, and with `auto` where its keys cannot be read, the deploying identity needs `Device Provisioning Service Data Contributor` on the DPS, and one that only plans and verifies `Device Provisioning Service Data Reader`. Where keys are disabled on it, set `enrollment-auth: entra`.'
  },
  {
    code: 'NoRegisteredProviderFound',
    meaning: 'The subscription does not offer the api-version for this resource type or region.',
    advice:
      'the subscription does not offer this api-version. Ask Microsoft for access to the preview of certificate management, or use a release of this action that speaks one of the versions that Azure names.'
  },
  {
    code: 'SubscriptionNotFound',
    meaning: 'There is no such subscription, or the deploying identity sees nothing of it.',
    advice:
      'check `subscription-id`, and that the deploying identity has a role in that subscription.'
  },
  {
    code: 'RequestDisallowedByPolicy',
    meaning:
      'A policy of your organisation forbids the resource as it was asked for: its region, its tags, its kind.',
    advice:
      'read the policy named in the message: add what it wants with `tags` or `location`, or ask its owner for an exemption of the resource group.'
  },
  {
    code: 'ScopeLocked',
    meaning: 'A lock on the resource, its group or the subscription forbids the change.',
    advice:
      'remove the lock with `az lock delete --ids <id>` (`az lock list --resource-group <group>` shows them), then run again.'
  },
  {
    code: 'ReadOnlyDisabledSubscription',
    meaning:
      'The subscription is disabled, for example after it reached its spending limit, and is read-only.',
    advice: 'let its owner enable it in the portal, or choose another with `subscription-id`.'
  },
  {
    code: 'SubscriptionNotRegistered',
    meaning: 'The resource provider is not registered in the subscription.',
    advice:
      'run with the phase `identity`, which registers the resource providers, or `az provider register`.'
  },
  {
    code: 'ResourceGroupBeingDeleted',
    meaning: 'The resource group is being deleted.',
    advice: 'run again when it is gone: `az group wait --deleted --name <group>`.'
  },
  {
    code: 'ResourceGroupNotFound',
    meaning: 'The resource group does not exist.',
    advice:
      'run with the phase `identity`, which creates it, or check `resource-group` and the ids among the inputs.'
  },
  {
    code: 'LocationNotAvailableForResourceType',
    meaning: 'The resource type is not offered in the region.',
    advice: 'set `location` or `hub-location` to one of the regions in the message.'
  },
  {
    code: 'InvalidResourceGroupLocation',
    meaning: 'The resource group exists in another region.',
    advice: 'set `location` to its region, or give another `resource-group`.'
  },
  {
    code: 'QuotaExceeded',
    meaning: 'The subscription has as many of these as its quota allows.',
    advice:
      'delete what is not needed (`operation: sweep`), share it between environments, or ask Azure support for more.'
  },
  {
    code: '400004',
    pattern: /namespace/i,
    meaning: 'The DPS does not see its namespace yet; it should within two minutes.',
    advice:
      'run again. If it persists, check that the DPS is joined to the namespace: `operation: verify`.'
  },
  {
    code: '409001',
    meaning: 'The name of the hub belongs to somebody else in Azure, or has only just become free.',
    advice: 'give another name with `hub`, or run again in a few minutes.'
  },
  {
    code: '409002',
    meaning: 'The name of the DPS belongs to somebody else in Azure, or has only just become free.',
    advice: 'give another name with `dps`, or run again in a few minutes.'
  },
  {
    code: 'ForeignAddress',
    meaning:
      'An answer pointed to a host that does not belong to the chosen cloud; nothing was sent there.',
    advice:
      'check `cloud`, look for a proxy that rewrites answers, and let the hosts that README.md lists pass unchanged.'
  },
  ...NETWORK_ERRORS,
  ...ENTRA_ERRORS
]

/** The entry for a refusal, or undefined for one that is not known. */
export function lookUp(
  codes: readonly (string | undefined)[],
  reason: string
): CatalogueEntry | undefined {
  return ERROR_CATALOGUE.find(
    ({ code, pattern }) => codes.includes(code) && (pattern === undefined || pattern.test(reason))
  )
}

/** What a message says of a known refusal. */
export function adviceText({ code, meaning, advice }: CatalogueEntry): string {
  return [
    `Likely cause: ${meaning}`,
    `What to do: ${advice} (docs/troubleshooting.md#${anchorOf(code)})`
  ].join('\n')
}

/** GitHub's anchor for a heading that is nothing but the code. */
export function anchorOf(code: string): string {
  return code.toLowerCase().replaceAll(' ', '-')
}
