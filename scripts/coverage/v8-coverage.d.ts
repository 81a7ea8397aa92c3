declare module '@bcoe/v8-coverage' {
  import type { Profiler } from 'node:inspector'

  interface ProcessCoverage {
    readonly result: readonly Profiler.ScriptCoverage[]
  }

  /** Adds up what several processes ran, script by script. Takes what it is given apart. */
  export function mergeProcessCovs(processes: readonly ProcessCoverage[]): {
    readonly result: Profiler.ScriptCoverage[]
  }
}
