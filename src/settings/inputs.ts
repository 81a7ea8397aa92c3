import { chooseEnvironment } from './environment.ts'
import { fillForm, type InputReader } from './form.ts'
import { chooseModel, misfits } from './model.ts'
import { chooseOperation } from './operation.ts'
import { InputError, type Report } from './problems.ts'
import type { Settings, SignIn } from './settings.ts'
import { chooseSignIn } from './signIn.ts'

export type { InputReader } from './form.ts'
export { INPUTS } from './inputTable.ts'

/**
 * Inputs to the one value that the run works from, or an InputError with everything that is wrong. Blank stands in for
 * what is missing until the end, so that one mistake does not hide the next.
 */
export function readSettings(reader: InputReader): Settings {
  const form = fillForm(reader)
  const { values, given, report, problems } = form
  const signIn = chooseSignIn(values, given, report)
  requireIds(
    signIn,
    problems.map(({ input }) => input),
    report
  )
  const { environment, config, doubts } = chooseEnvironment(form, signIn, reader)
  const model = chooseModel(form, config, environment, doubts)
  // Where Azure has to be asked for the model, the rest is said then.
  const unused = model.version === 'auto' ? [] : misfits(model, model.version, report)
  const settings: Settings = {
    ...chooseOperation(form, { environment, model }, reader.event),
    timeoutMinutes: values['timeout-minutes'],
    concurrency: values.concurrency,
    summary: values.summary,
    signIn,
    warnings: unused
  }
  if (problems.length > 0) throw new InputError(problems)
  return settings
}

/** Ids come from an input or from a variable; one that was there but wrong has been complained about. */
function requireIds(signIn: SignIn, wrong: readonly string[], report: Report): void {
  const ids = [
    ['client-id', signIn.credential === 'oidc' ? signIn.clientId : 'not needed'],
    ['tenant-id', signIn.tenantId],
    ['subscription-id', signIn.subscriptionId]
  ] as const
  for (const [input, value] of ids) {
    if (value || wrong.some((source) => source.split(' ')[0] === input)) continue
    const variable = `AZURE_${input.toUpperCase().replace('-', '_')}`
    const when = input === 'client-id' ? ' with credential: oidc' : ''
    report(input, undefined, `missing: it is required${when}, here or as ${variable}`)
  }
}
