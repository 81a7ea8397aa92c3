import config from './jest.config.js'
import { SAMPLED } from './scripts/exhaustive-tests.mjs'

const FOLDER = process.env.PROVISION_COVERAGE_FOLDER

/**
 * The tests that go through the sources. Not those of the emulator, which know no `src`; and not the suites with hundreds of
 * cases, which repeat what others do, with something in their way.
 */
export default {
  ...config,
  testMatch: ['unit', 'contract', 'scenarios'].map(
    (folder) => `<rootDir>/__tests__/${folder}/**/*.test.ts`
  ),
  testPathIgnorePatterns: SAMPLED.map(
    (name) => `<rootDir>/__tests__/scenarios/${name}\\.test\\.ts$`
  ),
  reporters: [
    ...config.reporters,
    ['<rootDir>/scripts/coverage/jest-reporter.mjs', { folder: `${FOLDER}/units` }]
  ],
  collectCoverage: true,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageProvider: 'v8',
  coverageReporters: ['none']
}
