import type { Kernel, Routes } from './kernel.ts'

/** The names of the public cloud's sign-in, as instance discovery lists them. */
const ALIASES = [
  'login.microsoftonline.com',
  'login.windows.net',
  'login.microsoft.com',
  'sts.windows.net'
]

/**
 * What MSAL asks before it signs in: where a tenant's endpoints are (OpenID Connect Discovery 1.0), and which hosts are one
 * cloud.
 *
 * @param host under which sign-in is registered
 */
export function registerDiscovery(routes: Routes, { config }: Kernel, host: string): void {
  const unknown = (tenant: string) => ({
    status: 400,
    body: {
      error: 'invalid_tenant',
      error_description: `AADSTS90002: Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.`,
      error_codes: [90002]
    }
  })

  for (const path of [
    '/:tenant/v2.0/.well-known/openid-configuration',
    '/:tenant/.well-known/openid-configuration'
  ]) {
    routes.on(host, 'GET', path, (call) => {
      const { tenantId } = config()
      const asked = call.params.tenant ?? ''
      // MSAL asks for the tenant that it was given; `organizations` and `common` stand for whichever.
      if (![tenantId.toLowerCase(), 'organizations', 'common'].includes(asked.toLowerCase()))
        return unknown(asked)
      const base = `https://${call.url.hostname}/${asked}`
      return {
        status: 200,
        body: {
          token_endpoint: `${base}/oauth2/v2.0/token`,
          token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
          jwks_uri: `${base}/discovery/v2.0/keys`,
          response_modes_supported: ['query', 'fragment', 'form_post'],
          subject_types_supported: ['pairwise'],
          id_token_signing_alg_values_supported: ['RS256'],
          response_types_supported: ['code', 'id_token'],
          scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
          issuer: `https://${call.url.hostname}/${tenantId}/v2.0`,
          authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
          device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
          end_session_endpoint: `${base}/oauth2/v2.0/logout`,
          tenant_region_scope: 'EU',
          cloud_instance_name: 'microsoftonline.com',
          cloud_graph_host_name: 'graph.windows.net',
          msgraph_host: 'graph.microsoft.com'
        }
      }
    })
  }

  routes.on(host, 'GET', '/common/discovery/instance', (call) => ({
    status: 200,
    body: {
      tenant_discovery_endpoint: `https://${call.url.hostname}/${config().tenantId}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [
        {
          preferred_network: 'login.microsoftonline.com',
          preferred_cache: 'login.windows.net',
          aliases: ALIASES
        }
      ]
    }
  }))
}
