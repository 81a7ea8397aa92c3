import { CERTIFICATE_AUTHORITIES } from './certificateAuthorities/generation.ts'
import { CREDENTIALS_AND_POLICIES } from './credentialsAndPolicies/generation.ts'
import type { Generations } from './generation.ts'

/** Every model that this release speaks. */
export const GENERATIONS: Generations = {
  '2026-11-01': CERTIFICATE_AUTHORITIES,
  '2025-11-01-preview': CREDENTIALS_AND_POLICIES
}
