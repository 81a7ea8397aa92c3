/**
 * Scenarios of hundreds of runs each, by their path in `__tests__/scenarios`, the longest first. `npm test` carries out a
 * sample of their cases, `npm run test:exhaustive` all of them.
 */
export const SAMPLED = [
  'crash',
  'estates',
  'faults',
  'weather',
  'certificateAuthorities/unlink',
  'dialect',
  'properties',
  'stalls'
]

/** Scenarios that `npm test` carries out whole: what an environment lives through when nothing unusual happens. */
export const CORE = [
  'apply',
  'approvedPlan',
  'certificateAuthorities/life',
  'configFile',
  'device',
  'life',
  'messages',
  'onePolicy',
  'readOnly',
  'serviceVersion',
  'signIn'
]

export const fileOf = (name) => `<rootDir>/__tests__/scenarios/${name}.test.ts`
