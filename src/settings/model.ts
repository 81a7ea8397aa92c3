import type { Config } from './config/shape.ts'
import type { Form } from './form.ts'
import type { Report } from './problems.ts'
import {
  type ModelSpec,
  NEWEST_VERSION,
  type OneModelInput,
  SERVICE_VERSIONS,
  type ServiceVersion,
  TUTORIAL_VERSION,
  type WantedEnvironment
} from './settings.ts'

/** Days that certificates live at least in the tutorial's model (contract section 3). */
const TUTORIAL_LEAST_DAYS = 7
/** Issuing CAs that a namespace may have, each with one policy (contract B 6.6). */
export const MOST_POLICIES = 3
/** An issuing CA is named after its policy, and has no more room than that (contract B 6). */
const LONGEST_POLICY = 55

/** The model that is wanted, and the inputs that only one of the models knows. */
export function chooseModel(
  { values, given }: Form,
  config: Config,
  { location, hubs, policies }: WantedEnvironment,
  doubts: readonly string[]
): ModelSpec {
  const tutorial: OneModelInput[] = []
  const elsewhere = hubs.some((hub) => hub.location !== undefined && hub.location !== location)
  if (location !== undefined && elsewhere) {
    tutorial.push({
      input: 'hub-location',
      rule: `must be the region of the namespace and the DPS, ${location}: service version ${NEWEST_VERSION} links none of another region`
    })
  }
  if (given('identity') || config.identity !== undefined) tutorial.push({ input: 'identity' })
  for (const name of [
    'hub-app-grant',
    'hub-app-object-id',
    'onboarding-role',
    'hub-role-definition-id'
  ] as const) {
    if (given(name)) tutorial.push({ input: name })
  }
  if (policies.length > MOST_POLICIES) {
    tutorial.push({
      input: 'policies',
      rule: `must be at most ${MOST_POLICIES}: a namespace of service version ${NEWEST_VERSION} has no more issuing CAs, and each has one policy`
    })
  }
  if (policies.some(({ name }) => name.length > LONGEST_POLICY)) {
    tutorial.push({
      input: 'policies',
      rule: `must have names of at most ${LONGEST_POLICY} characters with service version ${NEWEST_VERSION}, which names the issuing CA after its policy`
    })
  }
  const newest: OneModelInput[] = []
  if (policies.some(({ leafValidityDays: days }) => days < TUTORIAL_LEAST_DAYS)) {
    newest.push({
      input: 'leaf-validity-days',
      rule: `must be at least ${TUTORIAL_LEAST_DAYS} with service version ${TUTORIAL_VERSION}`
    })
  }
  if (hubs.some(({ sku }) => sku !== undefined)) {
    newest.push({
      input: 'config (hubs)',
      rule: `sku and capacity have no meaning with service version ${TUTORIAL_VERSION}, whose hubs are of the tier GEN2`
    })
  }
  if (values['link-existing']) newest.push({ input: 'link-existing' })
  if (config.grants !== undefined) newest.push({ input: 'config (grants)' })
  if (config['destroy-devices'] !== undefined) newest.push({ input: 'config (destroy-devices)' })
  return {
    version: values['service-version'],
    only: { [NEWEST_VERSION]: newest, [TUTORIAL_VERSION]: tutorial },
    doubts
  }
}

/**
 * What the inputs ask of another model than the one that it is: a problem where it cannot be honoured.
 *
 * @returns one sentence for each that is ignored, or doubtful
 */
export function misfits(
  { only, doubts }: ModelSpec,
  version: ServiceVersion,
  report: Report
): readonly string[] {
  const others = SERVICE_VERSIONS.filter((one) => one !== version).flatMap((one) => only[one])
  for (const { input, rule } of others) if (rule !== undefined) report(input, undefined, rule)
  return [
    ...(version === TUTORIAL_VERSION ? doubts : []),
    ...others
      .filter(({ rule }) => rule === undefined)
      .map(({ input }) => `Input \`${input}\` has no meaning in service version ${version}.`)
  ]
}
