import { fillForm, type InputReader } from './form.ts'
import { chooseGrants } from './grants.ts'
import { deriveNames } from './names.ts'
import { readOwnership } from './ownership.ts'
import { choosePolicies } from './policies.ts'
import { InputError, type Report } from './problems.ts'
import { groupId } from './resourceId.ts'
import type { Settings, SignIn } from './settings.ts'
import { chooseSignIn } from './signIn.ts'
import { locate, type TargetKind } from './targets.ts'

export type { InputReader } from './form.ts'
export { INPUTS } from './inputTable.ts'

/**
 * Inputs to the one value that the run works from, or an InputError with everything that is wrong. Blank stands in for
 * what is missing until the end, so that one mistake does not hide the next.
 */
export function readSettings(reader: InputReader): Settings {
  const { values, given, report, problems } = fillForm(reader)
  const signIn = chooseSignIn(values, given, report)
  requireIds(
    signIn,
    problems.map(({ input }) => input),
    report
  )
  const { subscriptionId, tenantId } = signIn

  const name = values.environment ?? ''
  const ownership = readOwnership(reader.env, name, report)
  const derived = deriveNames(name, subscriptionId, ownership.repositoryId)
  const resourceGroup = values['resource-group'] ?? derived['resource-group']
  const home = { subscriptionId, resourceGroup }
  const target = (kind: TargetKind) => locate(kind, values[kind], derived[kind], home, report)
  const { policies, bound, warnings } = choosePolicies(values, given, report)
  const { location } = values

  const settings: Settings = {
    operation: values.operation,
    dryRun: values['dry-run'],
    phases: values.phases,
    timeoutMinutes: values['timeout-minutes'],
    concurrency: values.concurrency,
    summary: values.summary,
    signIn,
    environment: {
      name,
      subscriptionId,
      tenantId,
      group: { id: groupId(subscriptionId, resourceGroup), name: resourceGroup, resourceGroup },
      location,
      identity: target('identity'),
      namespace: target('namespace'),
      certificates: values.certificates,
      policies,
      hubs: [{ ...target('hub'), location: values['hub-location'] ?? location }],
      dps: target('dps'),
      enrollmentGroups: [
        { name: values['enrollment-group'] ?? derived['enrollment-group'], policy: bound }
      ],
      grants: chooseGrants(values, subscriptionId, report),
      enrollmentAuth: values['enrollment-auth'],
      adopt: values.adopt,
      ownership,
      tags: values.tags ?? {}
    },
    warnings
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
