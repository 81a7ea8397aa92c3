/** The api-version of the model of certificate authorities, of all its services, their data planes included. */
export const VERSION = '2026-11-01'

/** Makes the action build by this model. */
export const MODEL = { 'service-version': VERSION } as const
