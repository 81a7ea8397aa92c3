import type { Emulator } from '../../emulator/index.ts'
import { ask } from '../scenarios/client.ts'

export const ARM = 'https://management.azure.com'

/** An access token of the deploying identity. */
export async function token({ env }: Emulator, scope = `${ARM}/.default`): Promise<string> {
  const { body } = await ask(env, {
    url: `${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`,
    headers: { authorization: `bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` }
  })
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: env.AZURE_CLIENT_ID ?? '',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: body.value,
    scope
  })
  const answer = await ask(env, {
    method: 'POST',
    url: `https://login.microsoftonline.com/${env.AZURE_TENANT_ID}/oauth2/v2.0/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    text: form.toString()
  })
  return answer.body.access_token as string
}

/** One request to ARM by the deploying identity, with a new token unless the headers have one. @param path below the subscription */
export async function arm(
  azure: Emulator,
  method: string,
  path: string,
  version: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {}
) {
  const authorization = headers.authorization ?? `Bearer ${await token(azure)}`
  return ask(azure.env, {
    method,
    url: `${ARM}/subscriptions/${azure.env.AZURE_SUBSCRIPTION_ID}${path}?api-version=${version}`,
    headers: { ...headers, authorization },
    body
  })
}
