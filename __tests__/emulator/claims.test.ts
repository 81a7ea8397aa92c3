import { describe, expect, it } from '@jest/globals'
import { ArmError } from '../../emulator/armError.ts'
import { checkClaims } from '../../emulator/claims.ts'

const WANTED = '{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}'
const CP1 = '"xms_cc":{"values":["CP1"]}'

/** The challenge to a token that was asked for with these claims; undefined when it serves. */
function challenge(claims: string | undefined, wanted: string | null = WANTED) {
  try {
    checkClaims(claims === undefined ? {} : { claims }, wanted)
    return undefined
  } catch (error) {
    if (!(error instanceof ArmError)) throw error
    expect(error.status).toBe(401)
    return error.options.headers?.['www-authenticate']
  }
}

describe('a claims challenge', () => {
  it('is none where nothing is wanted, or all that is wanted was asked for', () => {
    expect(challenge(undefined, null)).toBeUndefined()
    expect(challenge(WANTED)).toBeUndefined()
    expect(challenge(WANTED.replace('{"nbf"', `{${CP1},"nbf"`))).toBeUndefined()
  })

  it('tells the claims to a client that can answer it', () => {
    const told = challenge(`{"access_token":{${CP1}}}`)
    expect(told).toContain('error="insufficient_claims"')
    expect(atob(/claims="([^"]+)"/.exec(told ?? '')?.[1] ?? '')).toBe(WANTED)
    expect(challenge(WANTED.replace('1604106651', '1').replace('{"nbf"', `{${CP1},"nbf"`))).toBe(
      told
    )
  })

  it('tells nothing to a client that cannot', () => {
    expect(challenge(undefined)).toMatch(/^Bearer (?!.*claims)/)
  })
})
