import type { Report } from './problems.ts'
import type { CloudName, SignIn } from './settings.ts'

/** Audience that Entra expects in GitHub's assertion (contract section 13). */
const AUDIENCES: Readonly<Record<CloudName, string>> = {
  AzureCloud: 'api://AzureADTokenExchange',
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov',
  AzureChinaCloud: 'api://AzureADTokenExchangeChina'
}

export interface SignInInputs {
  readonly credential: SignIn['credential']
  readonly cloud: CloudName
  readonly 'client-id': string | undefined
  readonly 'tenant-id': string | undefined
  readonly 'subscription-id': string | undefined
  readonly audience: string | undefined
}

export function chooseSignIn(
  inputs: SignInInputs,
  given: (input: keyof SignInInputs) => boolean,
  report: Report
): SignIn {
  const { credential, cloud } = inputs
  if (credential !== 'oidc' && given('audience')) {
    report('audience', undefined, 'applies only with credential: oidc; remove it')
  }
  if (credential === 'azure-cli' && given('client-id')) {
    report(
      'client-id',
      undefined,
      'has no meaning with credential: azure-cli, which is signed in; remove it'
    )
  }
  const tenancy = {
    tenantId: inputs['tenant-id'] ?? '',
    subscriptionId: inputs['subscription-id'] ?? '',
    cloud
  }
  const clientId = inputs['client-id']
  switch (credential) {
    case 'oidc':
      return {
        credential,
        clientId: clientId ?? '',
        audience: inputs.audience ?? AUDIENCES[cloud],
        ...tenancy
      }
    case 'managed-identity':
      return { credential, clientId, ...tenancy }
    // AZURE_CLIENT_ID may be set for other steps of the job: with azure-cli it is nobody's mistake.
    case 'azure-cli':
      return { credential, ...tenancy }
  }
}
