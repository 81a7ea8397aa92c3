/** What somebody sees, and the codes of Azure under which it is explained. */
export interface Symptom {
  /** In the reader's words. */
  readonly seen: string
  readonly codes: readonly string[]
}

/** Every code of the catalogue once, by what it looks like from outside. */
export const SYMPTOMS: readonly Symptom[] = [
  {
    seen: 'Sign-in is refused: no federated credential fits this job',
    codes: ['AADSTS700213', 'AADSTS70021', 'AADSTS700211', 'AADSTS700212']
  },
  {
    seen: 'Sign-in is refused for another reason',
    codes: [
      ...['AADSTS700016', 'AADSTS7000112', 'AADSTS90002', 'AADSTS53003', 'AADSTS500011'],
      ...['AADSTS700024', 'SignInFailed', 'ManagedIdentityFailed']
    ]
  },
  {
    seen: 'Signed in, and Azure refuses the token',
    codes: [
      'InvalidAuthenticationToken',
      'InvalidAuthenticationTokenTenant',
      'ExpiredAuthenticationToken'
    ]
  },
  {
    seen: 'The deploying identity may not do something, or not grant a role',
    codes: ['AuthorizationFailed', 'LinkedAuthorizationFailed']
  },
  {
    seen: 'A role assignment fails, although the right to grant is there',
    codes: [
      'PrincipalNotFound',
      'RoleAssignmentUpdateNotPermitted',
      'RoleDefinitionDoesNotExist',
      'RoleAssignmentLimitExceeded'
    ]
  },
  {
    seen: 'The subscription cannot be used',
    codes: [
      ...['SubscriptionNotFound', 'ReadOnlyDisabledSubscription'],
      ...['MissingSubscriptionRegistration', 'SubscriptionNotRegistered']
    ]
  },
  {
    seen: 'The service or the region is not offered',
    codes: [
      ...['NoRegisteredProviderFound', 'LocationNotAvailableForResourceType'],
      'InvalidResourceGroupLocation'
    ]
  },
  {
    seen: 'A limit is reached',
    codes: ['QuotaExceeded', 'CredentialQuotaExceeded', 'SecondPolicy']
  },
  { seen: 'The name of a hub or DPS is taken', codes: ['409001', '409002'] },
  { seen: 'A policy or a lock forbids it', codes: ['RequestDisallowedByPolicy', 'ScopeLocked'] },
  {
    seen: 'The resource group is missing or going',
    codes: ['ResourceGroupNotFound', 'ResourceGroupBeingDeleted']
  },
  { seen: 'Hub or DPS cannot reach the namespace', codes: ['IH400913', '403000', '400004'] },
  { seen: 'The DPS refuses the enrollment group', codes: ['401002'] },
  {
    seen: 'A proxy, a firewall or the network is in the way',
    codes: ['No answer', 'HTTP 407', 'HTTP 2xx or 3xx', 'ForeignAddress']
  },
  { seen: 'Azure itself fails', codes: ['HTTP 5xx'] }
]
