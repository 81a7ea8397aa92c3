import type { StepResult } from '../../../src/engine/step.ts'
import type { Outcome } from '../../../src/engine/verdict.ts'
import type { Report } from '../../../src/report/report.ts'
import { fakeStep } from '../engine/fakeStep.ts'

export function result(
  resource: string,
  outcome: Outcome = 'created',
  startedAt = 0,
  endedAt = 41_000
): StepResult {
  const step = { ...fakeStep(resource, new Map()), kind: 'IoT hub', resource }
  return { step, outcome, startedAt, endedAt }
}

export function report(overrides: Partial<Report> = {}): Report {
  return {
    operation: 'apply',
    environment: 'main',
    dryRun: false,
    version: undefined,
    states: {},
    plan: undefined,
    results: [],
    checks: [],
    swept: [],
    ids: {},
    details: { details: {}, issuedBy: {} },
    origin: {
      commit: undefined,
      ref: undefined,
      run: undefined,
      portal: undefined,
      help: undefined
    },
    warnings: [],
    error: undefined,
    duration: 90_000,
    ...overrides
  }
}
