// Stands in for `@jest/globals`, which only jest's own runtime gives: the same functions, without that runtime.
import { fromJest } from './fromJest.ts'

const circus = fromJest<typeof import('@jest/globals')>('jest-circus')

export const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus
export const { expect } = fromJest<typeof import('@jest/globals')>('expect')
