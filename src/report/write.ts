import * as core from '@actions/core'
import type { Log } from './log.ts'
import { outputsOf } from './outputs.ts'
import type { Report } from './report.ts'
import { summaryMarkdown } from './summary.ts'

/** @returns why the next steps of the job do not get them; what they would have got is in the log then */
export function writeOutputs(report: Report, log: Log): Error | undefined {
  try {
    for (const [name, value] of Object.entries(outputsOf(report))) core.setOutput(name, value)
    return undefined
  } catch (error) {
    for (const [name, value] of Object.entries(report.ids)) log.info(`${name}: ${value}`)
    const said = error instanceof Error ? error.message : String(error)
    return new Error(
      [
        `The outputs could not be written to the file that GITHUB_OUTPUT names: ${said}`,
        'What to do: let the runner’s user write there (disk space, rights of RUNNER_TEMP), and run again; what is done stays. The ids are in the log.'
      ].join('\n'),
      { cause: error }
    )
  }
}

/** The summary of the step, as GitHub shows it below the run. */
export async function writeSummary(report: Report): Promise<void> {
  await core.summary.addRaw(summaryMarkdown(report)).write()
}
