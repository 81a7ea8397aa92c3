import { STORIES as certificateAuthorities } from './certificateAuthorities/stories.ts'
import { STORIES as credentialsAndPolicies } from './credentialsAndPolicies/stories.ts'
import { setUp } from './setUp.ts'
import type { Stories } from './story.ts'

/** The stories of each model of the service; a model has its own list of facts. */
export const MODELS: Readonly<Record<string, Stories>> = {
  'any-model': { 'set-up by the README': { play: setUp } },
  'credentials-and-policies': credentialsAndPolicies,
  'certificate-authorities': certificateAuthorities
}
