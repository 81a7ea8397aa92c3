import type { OidcSignIn } from '../../settings/settings.ts'
import { brief } from '../../text/sanitize.ts'
import type { NoAnswerError } from '../errors/azureError.ts'
import { adviceText, lookUp } from '../errors/errorCatalogue.ts'
import { proxyText } from '../http/proxy.ts'
import type { Presented } from './assertion.ts'
import { isBusyCode } from './entraBusy.ts'

/** Entra refused to give a token. */
export class SignInError extends Error {
  /** Such as `AADSTS700213`. */
  readonly code: string
  /** Entra itself said no, and will again: not one that is busy, nor something that answered in its place. */
  readonly denied: boolean

  constructor(code: string, message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'SignInError'
    this.code = code
    const number = aadCode(code)
    this.denied = number !== undefined && !isBusyCode(number)
  }
}

/** No federated credential matches what was presented: by issuer, audience, subject, or in the older form any of them. */
const MISMATCH: ReadonlySet<string> = new Set(['700211', '700212', '700213', '70021'])

/** The assertion was outside its lifetime: it may have been good when it was asked for. */
export function isExpiredAssertion(error: unknown): boolean {
  return aadCode(messageOf(error)) === '700024'
}

/**
 * Turns what the sign-in library threw into something the reader can act on.
 *
 * @param last what the library drops: what Entra asked for last, when that is a longer wait than a run is good for, and why
 *   it was not heard at all
 */
export function signInError(
  error: unknown,
  signIn: OidcSignIn,
  presented: Presented | undefined,
  {
    wait,
    trouble
  }: { readonly wait?: string | undefined; readonly trouble?: NoAnswerError | undefined } = {}
): SignInError {
  const text = messageOf(error)
  const code = aadCode(text)
  // The library fills in blanks when the answer was none of Entra's.
  const readable = code !== undefined || !/Not Available|\[object Object\]/.test(text)
  const said = (readable && text.split('\n')[0]) || 'nothing that can be read'
  const name = code === undefined ? 'SignInFailed' : `AADSTS${code}`
  const what = `Could not sign in to tenant ${signIn.tenantId} as ${signIn.clientId}.`
  if (code === undefined && trouble)
    return new SignInError(name, `${what}\n${trouble.message}`, error)
  const head = `${what}\nMicrosoft Entra said: ${said}`
  if (wait !== undefined) return new SignInError(name, `${head}\nWhat to do: ${wait}.`, error)
  if (code !== undefined && MISMATCH.has(code) && presented !== undefined) {
    return new SignInError(name, `${head}\n${mismatch(signIn, presented)}`, error)
  }
  const known = lookUp([isBusyCode(code) ? 'SignInFailed' : name], text)
  return new SignInError(name, known === undefined ? head : `${head}\n${adviceText(known)}`, error)
}

/**
 * The same for a managed identity.
 *
 * @param clientId undefined for the identity that the machine has of its own
 */
export function managedIdentityError(error: unknown, clientId: string | undefined): SignInError {
  const text = messageOf(error)
  const code = aadCode(text)
  const known = code === undefined ? undefined : lookUp([`AADSTS${code}`], text)
  const advice = known ?? lookUp(['ManagedIdentityFailed'], text)
  return new SignInError(
    code === undefined ? 'ManagedIdentityFailed' : `AADSTS${code}`,
    [
      `Could not sign in as the managed identity ${clientId ?? 'of this machine'} (\`credential: managed-identity\`).`,
      `Microsoft’s library said: ${brief(text.split('\n')[0] ?? '', LONGEST_TEXT)}`,
      ...(advice ? [adviceText(advice)] : []),
      proxyText(process.env)
    ].join('\n'),
    error
  )
}

/** The library passes on whatever the machine's endpoint answered. */
const LONGEST_TEXT = 1_000

function mismatch(signIn: OidcSignIn, { issuer, subject, audience }: Presented): string {
  const name = 'provision-azure-iot'
  const parameters = JSON.stringify({ name, issuer, subject, audiences: [audience] })
  return [
    'No federated credential of that identity matches what this job presented:',
    `  issuer:   ${issuer}`,
    `  subject:  ${subject}`,
    `  audience: ${audience}`,
    'The comparison is exact, upper and lower case included. GitHub writes the subject of a repository as',
    '  repo:OWNER/REPO:…                  and, when it was created, renamed or transferred since 2026-07-15, as',
    '  repo:OWNER@OWNER_ID/REPO@REPO_ID:…',
    'followed by `environment:NAME`, `ref:refs/heads/BRANCH`, `ref:refs/tags/TAG` or `pull_request`.',
    'To accept this job, add the credential to a user-assigned identity:',
    `  az identity federated-credential create --name ${name} --identity-name <IDENTITY> --resource-group <GROUP> --issuer ${quote(issuer)} --subject ${quote(subject)} --audiences ${quote(audience)}`,
    'or to an app registration:',
    `  az ad app federated-credential create --id ${signIn.clientId} --parameters ${quote(parameters)}`
  ].join('\n')
}

/** One word for a POSIX shell, whatever a branch is called. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function aadCode(text: string): string | undefined {
  return /AADSTS(\d+)/.exec(text)?.[1]
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
