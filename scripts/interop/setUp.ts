import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Az } from './az.ts'
import type { Stage } from './stage.ts'

const ROOT = new URL('../../', import.meta.url)
const SECTION = /^## Setting up Azure, once\n([\s\S]*?)^## /m
const REPOSITORY = 'octo-org/octo-repo'
const ISSUER = 'https://token.actions.githubusercontent.com'

const INPUTS = { environment: 'setup', location: 'westeurope' }

interface Assignment {
  readonly id: string
  readonly roleDefinitionName: string
  readonly principalId: string
  readonly condition?: string
  readonly conditionVersion?: string
}

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8')

/** The shell blocks of the README's set-up, each as it stands there but for the repository's name. */
function blocks(): readonly string[] {
  const [, section = ''] = SECTION.exec(read('README.md')) ?? []
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block = '']) =>
    block.replaceAll('OWNER/REPO', REPOSITORY)
  )
}

/** The README's commands that set Azure up, pasted one block after the other; then the identities that they made are used. */
export async function setUp(stage: Stage): Promise<void> {
  const { az, facts, id } = stage
  const agree = (what: string, ours: unknown, theirs: unknown) =>
    facts.agree(`set-up by the README | ${what}`, ours, theirs)

  const pasted = await az.shell(`set -e\n${blocks().join('\n')}`, fileURLToPath(ROOT))
  agree('its blocks', 3, blocks().length)
  agree('every command succeeds', [0, ''], [pasted.code, pasted.code === 0 ? '' : pasted.err])
  if (pasted.code !== 0) return

  const subscription = id('')
  const list = (await az.ask('role', 'assignment', 'list', '--all')) as readonly Assignment[]
  const condition = conditionOf(read('README.md'))
  const whose = async (name: string, environment: string) => {
    const inGroup = ['--resource-group', 'iot-deploy']
    const shown = await az.ask('identity', 'show', '--name', name, ...inGroup)
    const trust = await az.ask(
      ...['identity', 'federated-credential', 'show', '--name', 'github'],
      ...['--identity-name', name, ...inGroup]
    )
    agree(`${name} | location`, 'westeurope', shown.location)
    agree(`${name} | issuer`, ISSUER, trust.issuer)
    agree(`${name} | subject`, `repo:${REPOSITORY}:environment:${environment}`, trust.subject)
    agree(`${name} | audiences`, ['api://AzureADTokenExchange'], trust.audiences)
    const held = list.filter(({ principalId }) => principalId === shown.principalId)
    return { clientId: shown.clientId as string, principalId: shown.principalId as string, held }
  }

  const deploy = await whose('iot-deploy', 'iot')
  const wanted: Readonly<Record<string, string | undefined>> = {
    Contributor: undefined,
    'Role Based Access Control Administrator': condition(deploy.principalId),
    'Provision Azure IoT': condition(deploy.principalId)
  }
  agree('iot-deploy | how many roles', Object.keys(wanted).length, deploy.held.length)
  for (const [role, text] of Object.entries(wanted)) {
    const found = deploy.held.find(({ roleDefinitionName }) => roleDefinitionName === role)
    agree(`iot-deploy | ${role}`, true, found !== undefined)
    agree(`iot-deploy | ${role} | condition`, text, found?.condition)
    agree(`iot-deploy | ${role} | condition version`, text && '2.0', found?.conditionVersion)
  }

  const plan = await whose('iot-plan', 'iot-plan')
  const onlyReads = ['Device Provisioning Service Data Reader', 'Reader']
  const held = plan.held.map(({ roleDefinitionName }) => roleDefinitionName)
  agree(
    'iot-plan | roles',
    onlyReads,
    held.toSorted((a, b) => (a < b ? -1 : 1))
  )

  const [role] = await az.ask('role', 'definition', 'list', '--name', 'Provision Azure IoT')
  const described = JSON.parse(read('docs/least-privilege-role.json')) as Record<string, unknown>
  agree('custom role | actions', described.Actions, role?.permissions?.[0]?.actions)
  agree('custom role | data actions', described.DataActions, role?.permissions?.[0]?.dataActions)
  agree('custom role | scopes', [subscription], role?.assignableScopes)
  agree('custom role | type', 'CustomRole', role?.roleType)

  await used(stage, agree, deploy, plan)
}

type Agree = (what: string, ours: unknown, theirs: unknown) => void
interface Identity {
  readonly clientId: string
  readonly principalId: string
  readonly held: readonly Assignment[]
}

/** The identities do what the README says that they can, and not what it says that they cannot. */
async function used(stage: Stage, agree: Agree, deploy: Identity, plan: Identity): Promise<void> {
  const { az, azure, id } = stage
  const as = ({ clientId }: Identity) => ({ AZURE_CLIENT_ID: clientId })

  const first = await stage.run(INPUTS, as(deploy))
  agree('iot-deploy | applies', 0, first.exitCode)

  azure.configure({ github: { environment: 'iot-plan' } })
  const planned = await stage.run(
    { ...INPUTS, operation: 'plan', 'fail-on-drift': 'true' },
    as(plan)
  )
  agree('iot-plan | finds that nothing is to be done', 0, planned.exitCode)
  const verified = await stage.run({ ...INPUTS, operation: 'verify' }, as(plan))
  agree('iot-plan | verifies', 0, verified.exitCode)
  agree(
    'iot-plan | does not apply',
    true,
    (await stage.run({ ...INPUTS, environment: 'other' }, as(plan))).exitCode !== 0
  )
  azure.configure({ github: { environment: 'iot' } })

  const job = await Az.at(az.bin, { ...azure.env, ...as(deploy) })
  try {
    await job.signIn()
    const itself = [
      '--assignee-object-id',
      deploy.principalId,
      '--assignee-principal-type',
      'ServicePrincipal'
    ]
    const owner = await job.try(
      'role',
      'assignment',
      'create',
      ...itself,
      '--role',
      'Owner',
      '--scope',
      id('')
    )
    agree(
      'iot-deploy | makes itself Owner',
      [true, true],
      [owner.code !== 0, /AuthorizationFailed/.test(owner.err)]
    )
  } finally {
    await job.leave()
  }

  const replaced = deploy.held.filter(
    ({ roleDefinitionName }) => roleDefinitionName !== 'Provision Azure IoT'
  )
  await az.ask('role', 'assignment', 'delete', '--ids', ...replaced.map((one) => one.id))
  const alone = await stage.run({ ...INPUTS, environment: 'alone' }, as(deploy))
  agree('iot-deploy | applies with the custom role alone', 0, alone.exitCode)
  const gone = await stage.run(
    { operation: 'destroy', environment: 'alone', confirm: 'alone' },
    as(deploy)
  )
  agree('iot-deploy | destroys with the custom role alone', 0, gone.exitCode)
}

/** The condition of the README, as the shell makes it out of its pieces. */
function conditionOf(readme: string): (principal: string) => string {
  const value = (name: string) => {
    const [, text = ''] = new RegExp(`^${name}="([\\s\\S]*?[^\\\\])"$`, 'm').exec(readme) ?? []
    return text.replaceAll('\\\n', '')
  }
  return (principal) =>
    value('CONDITION').replaceAll('$ROLES', value('ROLES')).replaceAll('$PRINCIPAL', principal)
}
