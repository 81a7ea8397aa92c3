/** Where a source that holds its mutants finds the number of the one that is switched on. */
export const SWITCH = 'globalThis.__mutant'

/** @param mutant its number; -1 for none */
export function switchOn(mutant: number): void {
  Object.assign(globalThis, { __mutant: mutant })
}
