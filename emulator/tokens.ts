import { errors, generateKeyPair, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import { ArmError } from './armError.ts'
import { checkClaims } from './claims.ts'
import { type Plane, planeOf } from './clouds.ts'
import type { Caller, Clock, Kernel } from './kernel.ts'

/** Signs what GitHub and Entra issue, and verifies it when it comes back. */
export interface Tokens {
  issue(claims: JWTPayload, seconds: number): Promise<string>
  /** The claims, or undefined when the signature is not ours or the token has expired. */
  read(token: string): Promise<JWTPayload | undefined>
  /** The caller behind `Authorization: Bearer …`. Throws the 401 of a service. */
  authenticate(header: string | undefined, plane: Plane): Promise<Caller>
}

const ALGORITHM = 'RS256'

/** @param claims those that every access token must have been asked for with, as JSON; null for none */
export async function createTokens(
  clock: Clock,
  random: Kernel['random'],
  claims: () => string | null
): Promise<Tokens> {
  const { privateKey, publicKey } = await generateKeyPair(ALGORITHM)
  const now = () => new Date(clock.now())
  const seconds = () => Math.floor(clock.now() / 1000)
  // A client shows one token hundreds of times; its signature stays good, its lifetime is looked at each time.
  const verified = new Map<string, JWTPayload>()
  const verify = async (token: string): Promise<JWTPayload> => {
    const known = verified.get(token)
    if (known !== undefined && Number(known.exp) > seconds()) return known
    const { payload } = await jwtVerify(token, publicKey, { currentDate: now() })
    verified.set(token, payload)
    return payload
  }

  return {
    issue: (claims, lifetime) =>
      new SignJWT({ ...claims, jti: random.guid() })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: 'emulated' })
        .setIssuedAt(seconds())
        .setNotBefore(seconds())
        .setExpirationTime(seconds() + lifetime)
        .sign(privateKey),

    async read(token) {
      try {
        return (await jwtVerify(token, publicKey, { currentDate: now(), clockTolerance: 1 }))
          .payload
      } catch {
        return undefined
      }
    },

    async authenticate(header, plane) {
      const token = /^bearer (.+)$/i.exec(header ?? '')?.[1]
      if (token === undefined) {
        throw new ArmError(
          401,
          'AuthenticationFailed',
          "Authentication failed. The 'Authorization' header is missing."
        )
      }
      try {
        const payload = await verify(token)
        const audience = String(payload.aud)
        if (planeOf(audience) !== plane) {
          throw new ArmError(
            401,
            'InvalidAuthenticationTokenAudience',
            `The access token has been obtained for wrong audience or resource '${audience}'.`
          )
        }
        checkClaims(payload, claims())
        return { objectId: String(payload.oid), appId: String(payload.appid), audience }
      } catch (error) {
        if (error instanceof ArmError) throw error
        throw error instanceof errors.JWTExpired
          ? new ArmError(
              401,
              'ExpiredAuthenticationToken',
              'The access token expiry UTC time is past.'
            )
          : new ArmError(401, 'InvalidAuthenticationToken', 'The access token is invalid.')
      }
    }
  }
}
