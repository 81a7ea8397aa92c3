import config from './jest.config.js'
import { EXHAUSTIVE } from './scripts/exhaustive-tests.mjs'

export default {
  ...config,
  testMatch: EXHAUSTIVE.map((name) => `<rootDir>/__tests__/scenarios/${name}.test.ts`),
  globals: { exhaustive: true }
}
