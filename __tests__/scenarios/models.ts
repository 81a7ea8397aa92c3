/** The models of the service that every suite runs for, as its inputs name them. */
export const MODELS = ['2025-11-01-preview', '2026-11-01'] as const

export type Model = (typeof MODELS)[number]
