import * as core from '@actions/core'
import { departure } from './azure/http/departure.ts'
import { assertionAhead } from './azure/signIn/askedAhead.ts'
import { idTokens } from './github/idToken.ts'
import { fail } from './report/fail.ts'
import { createLog } from './report/log.ts'
import { readSettings } from './settings/inputs.ts'
import { InputError } from './settings/problems.ts'
import { actionInputs } from './settings/reader.ts'
import type { Settings } from './settings/settings.ts'
import { hearSignals } from './signals.ts'

/** One run, from the runner's inputs to its outputs. Never throws: a failure is reported and sets the exit code. */
export async function main(): Promise<void> {
  const log = createLog(core)
  let settings: Settings
  try {
    settings = readSettings(await actionInputs())
  } catch (error) {
    return fail(
      log,
      error instanceof InputError ? 'Inputs are not valid' : 'Inputs could not be read',
      error
    )
  }
  const stop = new AbortController()
  const onSignal = hearSignals()
  const idToken = idTokens(process.env, stop.signal)
  const { ask: askGitHub, first } = assertionAhead(settings.signIn, process.env, idToken)
  await departure(1, first)
  // Whoever is asked with one may say it back. In time, for nothing is printed before; it would hold the request up.
  for (const token of [settings.githubToken, process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN])
    if (token !== undefined) log.mask(token)
  const { begin } = await import('./begin.ts')
  await begin(settings, { log, stop, askGitHub, onSignal })
}
