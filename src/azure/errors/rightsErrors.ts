import type { CatalogueEntry } from './catalogueEntry.ts'

/**
 * What to give to who may not grant roles, and what else to do. The command is the README's, because without its condition
 * whoever may grant roles can make itself Owner.
 */
export const RIGHT_TO_GRANT =
  'the right to grant roles as README.md#setting-up-azure-once does, with the condition that keeps it from making itself Owner, or let an administrator make the grants and set `role-assignments: skip` (and `hub-app-grant: skip`).'

const MEND_CONDITION =
  'add the role to the condition of its role assignment (the variable `ROLES` of README.md#setting-up-azure-once, with the command that follows)'

/** What Azure RBAC refuses (contract 6.5). */
export const RIGHTS_ERRORS: readonly CatalogueEntry[] = [
  {
    code: 'AuthorizationFailed',
    pattern: /ABAC condition that is not fulfilled/,
    meaning:
      'The deploying identity may grant roles only under a condition, which forbids this role, this principal or this kind of principal.',
    advice: `${MEND_CONDITION}, or let an administrator make the grant and set \`role-assignments: skip\`.`
  },
  {
    code: 'AuthorizationFailed',
    pattern:
      /ABAC condition not fulfilled to perform action '[^']*roleAssignments\/(write|delete)/i,
    meaning:
      'Either the deploying identity may not grant roles here at all, or only under a condition, which forbids this role, this principal or this kind of principal. Azure does not tell which.',
    advice: `if it has a role with a condition here (\`az role assignment list\` shows both), ${MEND_CONDITION}; if not, give it ${RIGHT_TO_GRANT}`
  },
  {
    code: 'AuthorizationFailed',
    pattern: /roleAssignments\/(write|delete)/i,
    meaning: 'The deploying identity may not grant roles here, or not take them away.',
    advice: `give it ${RIGHT_TO_GRANT}`
  },
  {
    code: 'AuthorizationFailed',
    pattern: /register\/action/i,
    meaning:
      'The deploying identity may not register resource providers; its rights end at a resource group.',
    advice:
      'let somebody with rights on the whole subscription run `az provider register --namespace Microsoft.DeviceRegistry`, and the same for Microsoft.Devices and Microsoft.ManagedIdentity.'
  },
  {
    code: 'AuthorizationFailed',
    pattern: /operation(results|statuses)\/read/i,
    meaning:
      'The deploying identity may start this, but not follow it: the address at which Azure reports its progress lies outside the resource group.',
    advice:
      'Azure continues, and reports its progress outside the resource group. Give the identity the right that Azure names on the subscription, best together with the others of its kind (docs/least-privilege-role.md), and run again.'
  },
  {
    code: 'AuthorizationFailed',
    meaning: 'The deploying identity lacks the right to do this.',
    advice:
      'give the deploying identity `Contributor` on the resource group (or on the subscription, when the group is to be created). A grant made just now takes up to ten minutes.'
  },
  {
    code: 'LinkedAuthorizationFailed',
    meaning:
      'The deploying identity may write the resource, but not use another one that it refers to, such as the user-assigned identity.',
    advice:
      'give it `Managed Identity Operator` on the identity, or `Contributor` on its resource group.'
  }
]
