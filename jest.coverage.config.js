import config from './jest.config.js'

const FOLDER = process.env.PROVISION_COVERAGE_FOLDER

/**
 * The tests that go through the sources. Not those of the emulator, which know no `src`; and not those suites that repeat
 * what others do hundreds of times, with something in the way.
 */
export default {
  ...config,
  testMatch: ['unit', 'contract', 'scenarios'].map(
    (folder) => `<rootDir>/__tests__/${folder}/**/*.test.ts`
  ),
  testPathIgnorePatterns: ['crash', 'estates', 'faults', 'weather'].map(
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
