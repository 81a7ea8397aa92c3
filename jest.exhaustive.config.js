import config from './jest.config.js'
import { CORE } from './scripts/exhaustive-tests.mjs'

/** All cases of the scenarios that `npm test` samples, and the scenarios that it leaves out. */
export default {
  ...config,
  testMatch: ['<rootDir>/__tests__/scenarios/**/*.test.ts'],
  testPathIgnorePatterns: CORE.map((name) => `<rootDir>/__tests__/scenarios/${name}\\.test\\.ts$`),
  globals: { exhaustive: true },
  // Most of these files wait for one run after the other, once those with pools are done.
  maxWorkers: 5
}
