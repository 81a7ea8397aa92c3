export type JobResult = 'success' | 'failure'

/** How the runner saw a workflow end. */
export interface Seen {
  /** Results of each job by its id; one for each leg of a matrix, and none for a job that did not run. */
  readonly jobs: Readonly<Record<string, readonly JobResult[]>>
  /** Outputs of steps as `STEP.OUTPUT`, the last leg's of a matrix. */
  readonly outputs: Readonly<Record<string, string>>
  /** What was written to GITHUB_STEP_SUMMARY, a text for each step that did. */
  readonly summaries: readonly string[]
  /** Everything that steps printed, workflow commands included. */
  readonly log: string
}

/** A line of act's log. */
export interface Told {
  readonly msg: string
  readonly jobID?: string
  readonly jobResult?: JobResult
  readonly stepID?: readonly string[]
  readonly command?: string
  readonly name?: string
  readonly arg?: string
  readonly content?: string
  readonly raw?: string
  readonly raw_output?: boolean
}

export function read(told: readonly Told[]): Seen {
  const jobs: Record<string, readonly JobResult[]> = {}
  const outputs: Record<string, string> = {}
  const summaries: string[] = []
  const log: string[] = []
  for (const line of told) {
    const { jobID, jobResult, stepID, command, name, arg, content, raw, raw_output, msg } = line
    if (jobID !== undefined && jobResult !== undefined)
      jobs[jobID] = [...(jobs[jobID] ?? []), jobResult]
    if (command === 'set-output') outputs[`${stepID?.join('.')}.${name}`] = arg ?? ''
    if (command === 'summary') summaries.push(content ?? '')
    if (raw_output) log.push(msg)
    else if (raw !== undefined && command !== 'add-mask') log.push(raw)
  }
  return { jobs, outputs, summaries, log: log.join('') }
}
