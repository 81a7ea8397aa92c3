declare global {
  /** Set by the configuration of `npm run test:exhaustive`. */
  var exhaustive: true | undefined
}

/** Every case is carried out; otherwise, in `npm test`, only a sample of them. */
export const IS_EXHAUSTIVE = globalThis.exhaustive === true

/** The seeds from 0: `all` of them, or as many as a sample takes. */
export function seedsOf(all: number, few: number): readonly number[] {
  return Array.from({ length: IS_EXHAUSTIVE ? all : few }, (_, seed) => seed)
}

/** All cases, or as many as a sample takes, at even distances. */
export function sampleOf<C>(cases: readonly C[], few: number): readonly C[] {
  if (IS_EXHAUSTIVE || cases.length <= few) return cases
  const distance = cases.length / few
  return cases.filter((_, index) => index % distance < 1)
}
