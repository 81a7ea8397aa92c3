import { createRequire } from 'node:module'

const require = createRequire(createRequire(import.meta.url).resolve('jest'))

/** A package that jest itself is made of; it belongs to jest and is resolved from there. */
export function fromJest<T>(name: string): T {
  return require(name) as T
}
