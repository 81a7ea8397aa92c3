/** The api-versions of the model of credentials and policies: what knows only others does not show all of it. */
export const REGISTRY = '2025-11-01-preview'
export const HUBS = '2025-08-01-preview'
export const SERVICES = '2025-02-01-preview'
export const SERVICE_DATA = '2025-07-01-preview'

/** Makes the action build by this model. */
export const MODEL = { 'service-version': REGISTRY } as const
