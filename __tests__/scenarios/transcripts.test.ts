import { describe, expect, it } from '@jest/globals'
import { MODELS } from './models.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Lines that tell of one step each, in the order in which Azure happened to finish. */
const STEP = /^(created|changed|done|renewed|removed|waited|unchanged|left) {2,}/

/** What differs from run to run, replaced. */
function steady(text: string): string {
  return text
    .replace(/\b[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/gi, 'GUID')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\b(\d+ h )?(\d+ min )?\d+ s\b/g, 'DURATION')
    .replace(/0ne[\dA-F]{8}/g, 'ID-SCOPE')
}

/** The log as a person reads it: steps in alphabetical order, without what only says that Azure is still at work. */
function told({ log }: Outcome): string {
  const lines = steady(log)
    .split('\n')
    .filter(
      (line) => line !== '' && !/^::(debug|add-mask)::/.test(line) && !/^still running /.test(line)
    )
  const read: string[] = []
  let steps: string[] = []
  for (const line of [...lines, '']) {
    // What took no time says none.
    if (STEP.test(line)) steps.push(line.replace(/ \(DURATION\)$/, ''))
    else {
      read.push(...steps.sort(), line)
      steps = []
    }
  }
  return read.join('\n')
}

/** Everything that Azure was asked, each once and in alphabetical order: polls and second looks depend on the moment. */
function asked({ requests }: Outcome): string {
  const lines = requests.map(({ method, url }) => `${method} ${steady(decodeURIComponent(url))}`)
  const moments = /operation(Statuses|Results)|GET \S+\/roleAssignments\/GUID/i
  return [...new Set(lines)]
    .filter((line) => !moments.test(line))
    .sort((one, other) => (one < other ? -1 : 1))
    .join('\n')
}

describe.each(MODELS)('what a run tells and asks, %s', (version) => {
  const run = (inputs: Readonly<Record<string, string>> = {}) =>
    scenario.run({ 'service-version': version, ...inputs })
  const built = () => scenario.built({ 'service-version': version })

  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ['a first apply', {}, false],
    ['an unchanged apply', {}, true],
    ['the plan of a new environment', { operation: 'plan' }, false],
    ['the plan of one that differs', { operation: 'plan', tags: 'team=iot' }, true],
    ['an apply of what differs', { tags: 'team=iot' }, true],
    ['an apply that is refused', { location: 'northeurope' }, true],
    ['verify', { operation: 'verify' }, true],
    ['destroy', { operation: 'destroy', confirm: 'test', location: '' }, true]
  ])('%s', async (_what, inputs, exists) => {
    if (exists) await built()
    const outcome = await run(inputs)
    expect(told(outcome)).toMatchSnapshot('log')
    expect(asked(outcome)).toMatchSnapshot('requests')
  })
})
