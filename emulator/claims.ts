import { isDeepStrictEqual } from 'node:util'
import type { JWTPayload } from 'jose'
import { ArmError } from './armError.ts'

type Asked = Readonly<Record<string, unknown>>

/**
 * Continuous access evaluation (https://learn.microsoft.com/entra/identity-platform/claims-challenge): a token serves only
 * when it was asked for with the claims that the tenant wants by now.
 *
 * @param wanted JSON, as in `{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}`
 * @throws ArmError the 401 of a service; only a client that announced `cp1` is told the claims
 */
export function checkClaims({ claims }: JWTPayload, wanted: string | null): void {
  if (wanted === null) return
  const asked = accessToken(typeof claims === 'string' ? claims : '{}')
  if (
    Object.entries(accessToken(wanted)).every(([name, value]) =>
      isDeepStrictEqual(asked[name], value)
    )
  )
    return
  const { values } = (asked.xms_cc ?? {}) as { readonly values?: readonly unknown[] }
  const able = values?.some((value) => /^cp1$/i.test(String(value))) ?? false
  const told = Buffer.from(wanted).toString('base64')
  const challenge = `error="insufficient_claims", claims="${told}"`
  // [INF] Graph's words; what Resource Manager and a DPS say in the body is not told.
  throw new ArmError(
    401,
    'InvalidAuthenticationToken',
    'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp',
    {
      headers: {
        'www-authenticate': `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"${able ? `, ${challenge}` : ''}`
      }
    }
  )
}

function accessToken(claims: string): Asked {
  return (JSON.parse(claims) as { readonly access_token?: Asked }).access_token ?? {}
}
