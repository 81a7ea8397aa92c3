export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-strip-types.mjs' },
  globalSetup: '<rootDir>/scripts/jest-global-setup.mjs',
  modulePathIgnorePatterns: ['<rootDir>/.witnesses/'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  testSequencer: '<rootDir>/scripts/jest-sequencer.mjs',
  reporters: [
    'default',
    '<rootDir>/scripts/jest-progress.mjs',
    '<rootDir>/scripts/jest-plain-line.mjs'
  ],
  // A scenario drives the whole bundle through several runs.
  testTimeout: 300_000,
  maxWorkers: 2
}
