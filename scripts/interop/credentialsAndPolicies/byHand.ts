import type { World } from '../../../emulator/kernel.ts'
import { copyWorld, restoreWorld } from '../../../emulator/world.ts'
import { planOf, type Run, type Stage, stepsTo, succeeded, writes } from '../stage.ts'
import { byHand, idsOf, type Names, PHASES, type Phase } from './tutorial.ts'
import { MODEL } from './versions.ts'

const GIVEN: Names = {
  group: 'rg-hand',
  location: 'westeurope',
  hubLocation: 'northeurope',
  identity: 'id-hand',
  namespace: 'adr-hand',
  policy: 'default',
  hub: 'hub-by-hand',
  dps: 'dps-by-hand',
  enrollmentGroup: 'enroll-hand'
}

const INPUTS = {
  ...MODEL,
  environment: 'hand',
  location: GIVEN.location,
  'hub-location': GIVEN.hubLocation
}

/** The action's steps, by the phase of the tutorial in which a person does the same. */
const stepsOf = ({
  hub,
  enrollmentGroup,
  policy
}: Names): Readonly<Record<Phase, readonly string[]>> => ({
  identity: ['resource-group', 'grant/iot-hub-application', 'identity'],
  namespace: ['namespace', 'grant/identity'],
  certificates: ['credential', `policy/${policy}`],
  hub: [`hub/${hub}`, `grant/${hub}`],
  dps: ['dps', `link/${hub}`],
  sync: ['sync'],
  enrollment: [`enrollment-group/${enrollmentGroup}`]
})

const idsBy = (ids: ReturnType<typeof idsOf>): Readonly<Record<Phase, readonly string[]>> => ({
  identity: [ids.group, ids.identity],
  namespace: [ids.namespace],
  certificates: [ids.credential, ids.policy],
  hub: [ids.hub],
  dps: [ids.dps],
  sync: [],
  enrollment: []
})

/** Those that carry tags, which adopting writes. */
const isTagged = (step: string) => !/^(grant|link|enrollment-group)\/|^sync$/.test(step)

/** The tutorial by hand, with names that somebody chose. */
export async function withGivenNames(stage: Stage): Promise<void> {
  await play(stage, 'given names', GIVEN, {
    'resource-group': GIVEN.group,
    identity: GIVEN.identity,
    namespace: GIVEN.namespace,
    hub: GIVEN.hub,
    dps: GIVEN.dps,
    'enrollment-group': GIVEN.enrollmentGroup
  })
}

/** The tutorial by hand, with the names that the action derives. */
export async function withDerivedNames(stage: Stage): Promise<void> {
  const plan = succeeded(await stage.run({ ...INPUTS, operation: 'plan' }))
  const name = (step: RegExp) =>
    planOf(plan)
      .find(({ id }) => step.test(id))
      ?.resource.split('/')
      .at(-1) ?? ''
  await play(
    stage,
    'derived names',
    {
      ...GIVEN,
      group: name(/^resource-group$/),
      identity: name(/^identity$/),
      namespace: name(/^namespace$/),
      hub: name(/^hub\//),
      dps: name(/^dps$/),
      enrollmentGroup: name(/^enrollment-group\//)
    },
    {}
  )
}

/** Somebody stops after each phase in turn, and the action goes on, with and without `adopt`. */
async function play(
  stage: Stage,
  naming: string,
  names: Names,
  inputs: Readonly<Record<string, string>>
): Promise<void> {
  const { azure } = stage
  const left = new Map<Phase, World>()
  await byHand(stage, names, (phase) => left.set(phase, copyWorld(azure.world)))
  for (const adopt of [true, false]) {
    for (const phase of PHASES) {
      azure.reset()
      restoreWorld(azure.world, left.get(phase) as World)
      const given = { ...INPUTS, ...inputs, adopt: String(adopt) }
      const run = await stage.run(given)
      const again = run.exitCode === 0 ? await stage.run(given) : undefined
      const subject = `${naming}, ${adopt ? 'adopted' : 'shared'}, left after ${phase}`
      compare(stage, subject, { names, phase, adopt }, run, again)
    }
  }
}

function compare(
  stage: Stage,
  subject: string,
  {
    names,
    phase,
    adopt
  }: { readonly names: Names; readonly phase: Phase; readonly adopt: boolean },
  run: Run,
  again: Run | undefined
): void {
  const { facts } = stage
  const steps = stepsOf(names)
  const until = PHASES.indexOf(phase) + 1
  const made = PHASES.slice(0, until).flatMap((one) => steps[one])
  const open = PHASES.slice(until).flatMap((one) => steps[one])
  const ids = idsOf(stage, names)
  const agree = (what: string, ours: unknown, theirs: unknown) =>
    facts.agree(`${subject} | ${what}`, ours, theirs)

  // A namespace that is somebody else's gets no credential from here: its owner makes one.
  const refused = !adopt && phase === 'namespace' ? steps.certificates : []
  agree('what cannot be done', stepsTo(run, 'cannot'), refused)
  agree(
    'what is still to be made',
    stepsTo(run, 'create', 'act'),
    open.filter((step) => !refused.includes(step))
  )
  agree(
    'what differs',
    stepsTo(run, 'change'),
    made.filter(
      (step) =>
        (adopt && isTagged(step)) ||
        // The tutorial grants one of the two roles, and lists no hubs.
        step === 'grant/identity' ||
        (adopt && step.startsWith('enrollment-group/'))
    )
  )
  agree(
    'what differs besides tags',
    planOf(run).flatMap(({ action, changes = [] }) =>
      action === 'change'
        ? changes.map(({ property }) => property).filter((name) => !name.startsWith('tags.'))
        : []
    ),
    [
      ...(made.includes('grant/identity') ? ['Azure Device Registry Onboarding'] : []),
      ...(adopt && phase === 'enrollment' ? ['iotHubs'] : [])
    ]
  )
  agree('a success', run.exitCode === 0, refused.length === 0)
  const madeIds = PHASES.slice(0, until).flatMap((one) => idsBy(ids)[one])
  agree(
    'what was made by hand and is written anew',
    writes(run).filter((line) =>
      madeIds.some((id) => line.toLowerCase() === `PUT ${id}`.toLowerCase())
    ),
    []
  )
  if (again === undefined) return
  agree('the second run changes something', again.outputs.changed, 'false')
  const outputs = {
    'resource-group-id': ids.group,
    'identity-id': ids.identity,
    'namespace-id': ids.namespace,
    'hub-id': ids.hub,
    'dps-id': ids.dps
  }
  for (const [name, id] of Object.entries(outputs)) agree(`output ${name}`, run.outputs[name], id)
}
