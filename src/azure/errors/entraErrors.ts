import type { CatalogueEntry } from './catalogueEntry.ts'

/** Refusals of Microsoft Entra (contract 20.5), and of its tokens. */
export const ENTRA_ERRORS: readonly CatalogueEntry[] = [
  {
    code: 'SignInFailed',
    meaning:
      'Microsoft Entra, or something on the way to it, repeatedly did not answer as it should.',
    advice:
      'run again. If it persists, look at https://azure.status.microsoft; on a self-hosted runner, let login.microsoftonline.com (or the host of your `cloud`) through proxy and firewall.'
  },
  {
    code: 'ManagedIdentityFailed',
    meaning:
      'The machine has no such managed identity, or its endpoint for tokens (169.254.169.254 on a virtual machine) cannot be reached.',
    advice:
      'run on a machine in Azure to which the identity is assigned (`az vm identity assign`), with its `client-id` where there are several; set `NO_PROXY: 169.254.169.254` where a proxy is set. Elsewhere use `credential: oidc`.'
  },
  {
    code: 'AADSTS700024',
    meaning: 'The assertion of GitHub was outside its lifetime, and so was a fresh one.',
    advice: 'on a self-hosted runner, correct the clock of the machine.'
  },
  {
    code: 'AADSTS700016',
    meaning: 'There is no such application in this tenant.',
    advice: 'check `client-id` and `tenant-id`.'
  },
  {
    code: 'AADSTS7000112',
    meaning: 'The application is disabled.',
    advice: 'let a tenant administrator enable it.'
  },
  {
    code: 'AADSTS90002',
    meaning: 'There is no such tenant.',
    advice: 'check `tenant-id`, and `cloud` when it is a sovereign one.'
  },
  {
    code: 'AADSTS53003',
    meaning: 'A conditional access policy blocks this sign-in.',
    advice: 'let a tenant administrator find it in the sign-in log under the ids in the message.'
  },
  {
    code: 'AADSTS500011',
    meaning: 'The service is not known in this tenant.',
    advice: 'check `cloud`.'
  },
  {
    code: 'AADSTS700211',
    meaning: 'No federated credential of the identity accepts the issuer of this job.',
    advice: 'run one of the commands in the message; they carry what was presented.'
  },
  {
    code: 'AADSTS700212',
    meaning: 'No federated credential of the identity accepts the audience of this job.',
    advice:
      'run one of the commands in the message, or set `audience` to the one of the credential.'
  },
  {
    code: 'AADSTS700213',
    meaning: 'No federated credential of the identity accepts the subject of this job.',
    advice:
      'run one of the commands in the message; the subject is compared exactly, upper and lower case included.'
  },
  {
    code: 'AADSTS70021',
    meaning: 'No federated credential of the identity matches this job.',
    advice: 'run one of the commands in the message; they carry what was presented.'
  },
  {
    code: 'InvalidAuthenticationToken',
    meaning: 'The token was refused: it is for another cloud or tenant, or has expired.',
    advice: 'check `cloud` and `tenant-id`; on a self-hosted runner also the clock.'
  },
  {
    code: 'InvalidAuthenticationTokenTenant',
    meaning: 'The subscription belongs to another tenant than the one that was signed in to.',
    advice: 'check `tenant-id` and `subscription-id`.'
  },
  {
    code: 'ExpiredAuthenticationToken',
    meaning: 'Azure considers the token expired, and a fresh one too.',
    advice: 'run again; on a self-hosted runner, correct the clock of the machine.'
  }
]
