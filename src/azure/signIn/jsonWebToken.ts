/**
 * In the bundle in the place of the package that MSAL signs with when it is given a certificate: none of the credentials
 * here is one.
 */
export default {
  sign(): never {
    throw new Error('Nothing here signs in with a certificate.')
  }
}
