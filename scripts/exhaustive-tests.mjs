/**
 * Scenarios of hundreds of runs each, by their path in `__tests__/scenarios`, the longest first. `npm test` carries out a
 * sample of their cases, `npm run test:exhaustive` all of them.
 */
export const EXHAUSTIVE = [
  'crash',
  'estates',
  'faults',
  'weather',
  'certificateAuthorities/unlink',
  'dialect',
  'properties',
  'stalls'
]
