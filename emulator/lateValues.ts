/** What Azure may tell only some time after the resource is there (contract 7.1, 9.2 and 11.6; the others are [INF]). */
export const LATE_VALUES = {
  identityPrincipal: [/\/userassignedidentities\/[^/]+$/, 'properties', 'principalId'],
  namespacePrincipal: [/\/namespaces\/[^/]+$/, 'identity', 'principalId'],
  idScope: [/\/provisioningservices\/[^/]+$/, 'properties', 'idScope'],
  dpsHostName: [/\/provisioningservices\/[^/]+$/, 'properties', 'serviceOperationsHostName'],
  hubHostName: [/\/iothubs\/[^/]+$/, 'properties', 'hostName'],
  policySubject: [
    /\/policies\/[^/]+$/,
    'properties',
    'certificate',
    'certificateAuthorityConfiguration',
    'subject'
  ]
} as const satisfies Readonly<Record<string, readonly [RegExp, ...string[]]>>

/**
 * For each value how many emulated milliseconds it is late, counted from when its resource, since that was made and this was
 * configured, was asked about for the first time.
 */
export type Lateness = Readonly<
  Partial<Record<keyof typeof LATE_VALUES | 'hubKeys' | 'operationStatus' | 'body', number>>
>
