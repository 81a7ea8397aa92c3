import { CORE, fileOf, SAMPLED } from './scripts/exhaustive-tests.mjs'

// Whoever names a file or a test means it, wherever it belongs.
const isNamed = process.argv.slice(2).some((argument) => !argument.startsWith('-'))
const WHOLE = ['unit', 'contract', 'emulator'].map(
  (folder) => `<rootDir>/__tests__/${folder}/**/*.test.ts`
)

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/scripts/jest-strip-types.mjs' },
  globalSetup: '<rootDir>/scripts/jest-global-setup.mjs',
  modulePathIgnorePatterns: ['<rootDir>/.witnesses/'],
  testMatch: isNamed
    ? ['<rootDir>/__tests__/**/*.test.ts']
    : [...WHOLE, ...[...CORE, ...SAMPLED].map(fileOf)],
  testSequencer: '<rootDir>/scripts/jest-sequencer.mjs',
  reporters: [
    'default',
    '<rootDir>/scripts/jest-progress.mjs',
    '<rootDir>/scripts/jest-plain-line.mjs'
  ],
  // A scenario drives the whole bundle through several runs, and a busy machine takes many times as long for each.
  testTimeout: 300_000,
  // More than two cores: some files mostly wait, and a core that waits for them is what takes longest in the end.
  maxWorkers: 4
}
