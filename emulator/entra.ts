import { planeOf } from './clouds.ts'
import type { Identity } from './config.ts'
import { registerDiscovery } from './discovery.ts'
import type { Call, Kernel, Reply, Routes } from './kernel.ts'
import { madeIdentities } from './providers/federatedCredentials.ts'
import type { Tokens } from './tokens.ts'

const HOST = 'login.microsoftonline.com'
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Entra's refusals (contract 20.5): its number, OAuth's word and the sentence. */
class Refusal extends Error {
  readonly code: number
  readonly error: string

  constructor(code: number, error: string, message: string) {
    super(message)
    this.code = code
    this.error = error
  }
}

/** Microsoft Entra: trades assertions for access tokens, and looks at every word of them. */
export function registerEntra(routes: Routes, kernel: Kernel, tokens: Tokens): void {
  const { config, clock, random } = kernel
  registerDiscovery(routes, kernel, HOST)

  routes.on(HOST, 'POST', '/:tenant/oauth2/v2.0/token', async (call) => {
    try {
      return await issue(call)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const [trace, correlation] = [random.guid(), random.guid()]
      const timestamp = new Date(clock.now()).toISOString().replace('T', ' ').replace(/\..*/, 'Z')
      const description = `AADSTS${error.code}: ${error.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`
      return {
        status: error.error === 'invalid_client' ? 401 : 400,
        body: {
          error: error.error,
          error_description: description,
          error_codes: [error.code],
          timestamp,
          trace_id: trace,
          correlation_id: correlation,
          error_uri: `https://${call.host}/error?code=${error.code}`
        }
      }
    }
  })

  async function issue(call: Call): Promise<Reply> {
    const form = call.body as Record<string, string | undefined>
    const settings = config()
    const { deployer, identities, entra } = settings
    if (call.params.tenant?.toLowerCase() !== settings.tenantId.toLowerCase()) {
      throw new Refusal(
        90002,
        'invalid_request',
        `Tenant '${call.params.tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`
      )
    }
    if (entra.refuse !== null)
      throw new Refusal(entra.refuse, 'invalid_request', 'Refused on purpose.')
    const identity = [deployer, ...identities, ...madeIdentities(kernel.world)].find(
      ({ clientId }) => clientId === form.client_id
    )
    if (identity === undefined) {
      throw new Refusal(
        700016,
        'unauthorized_client',
        `Application with identifier '${form.client_id}' was not found in the directory.`
      )
    }
    if (identity.disabled) {
      throw new Refusal(
        7000112,
        'unauthorized_client',
        `Application '${form.client_id}' is disabled.`
      )
    }
    await authenticate(form, identity)
    const scope = (form.scope ?? '').split(' ').find((one) => one.endsWith('/.default')) ?? ''
    const audience = scope.replace(/\/\.default$/, '')
    if (planeOf(audience) === undefined) {
      throw new Refusal(
        500011,
        'invalid_resource',
        `The resource principal named ${audience} was not found in the tenant.`
      )
    }
    const token = await tokens.issue(
      {
        aud: entra.tokenAudience ?? audience,
        iss: `https://sts.windows.net/${settings.tenantId}/`,
        tid: settings.tenantId,
        oid: identity.objectId,
        sub: identity.objectId,
        appid: identity.clientId,
        idtyp: 'app',
        ...(form.claims !== undefined && { claims: form.claims })
      },
      entra.tokenSeconds
    )
    const promised = entra.promisedSeconds ?? entra.tokenSeconds
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        expires_in: promised,
        ext_expires_in: promised,
        access_token: token
      }
    }
  }

  async function authenticate(
    form: Record<string, string | undefined>,
    identity: Identity
  ): Promise<void> {
    if (form.grant_type !== 'client_credentials') {
      throw new Refusal(
        70003,
        'unsupported_grant_type',
        `The grant type '${form.grant_type}' is not supported.`
      )
    }
    if (form.client_secret !== undefined) {
      if (identity.secret && form.client_secret === identity.secret) return
      throw new Refusal(7000215, 'invalid_client', 'Invalid client secret provided.')
    }
    if (form.client_assertion_type !== ASSERTION_TYPE || !form.client_assertion) {
      throw new Refusal(
        7000216,
        'invalid_client',
        "'client_assertion' or 'client_secret' is required."
      )
    }
    const claims = await tokens.read(form.client_assertion)
    if (claims === undefined) {
      throw new Refusal(
        700024,
        'invalid_client',
        'Client assertion is not within its valid time range.'
      )
    }
    const { iss: issuer, sub: subject, aud } = claims
    const audience = String(aud)
    const byIssuer = identity.federatedCredentials.filter((one) => one.issuer === issuer)
    if (byIssuer.length === 0) {
      throw new Refusal(
        700211,
        'invalid_client',
        `No matching federated identity record found for presented assertion issuer '${issuer}'.`
      )
    }
    const byAudience = byIssuer.filter((one) => one.audiences.includes(audience))
    if (byAudience.length === 0) {
      throw new Refusal(
        700212,
        'invalid_client',
        `No matching federated identity record found for presented assertion audience '${audience}'.`
      )
    }
    if (!byAudience.some((one) => one.subject === subject)) {
      throw new Refusal(
        700213,
        'invalid_client',
        `No matching federated identity record found for presented assertion subject '${subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.`
      )
    }
  }
}
