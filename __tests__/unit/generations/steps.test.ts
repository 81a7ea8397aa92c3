import { describe, expect, test } from '@jest/globals'
import type { Azure } from '../../../src/azure/azure.ts'
import type { AnyStep } from '../../../src/engine/step.ts'
import { stepsOf as newer } from '../../../src/generations/certificateAuthorities/steps.ts'
import { stepsOf as tutorial } from '../../../src/generations/credentialsAndPolicies/steps.ts'
import type { Purpose } from '../../../src/resources/context.ts'
import type { Environment, GrantSpec } from '../../../src/settings/settings.ts'
import { ALONE, type Answers, HUB, signal, takeDown, target } from '../resources/sample.ts'
import { azureOf } from '../steps/sample.ts'
import { ENVIRONMENT } from './sample.ts'

const BUILD: Purpose = { does: 'build' }

interface World {
  readonly more?: Partial<Environment>
  readonly grants?: Partial<GrantSpec>
  readonly purpose?: Purpose
  readonly answers?: Answers
}

function made(
  stepsOf: typeof newer,
  { more = {}, grants = {}, purpose = BUILD, answers = {} }: World
): readonly AnyStep[] {
  const environment: Environment = {
    ...ENVIRONMENT,
    ...more,
    grants: { ...ENVIRONMENT.grants, ...grants }
  }
  const permissions = { allows: async () => true }
  const azure = azureOf(answers, { permissions, providers: {}, graph: {} }) as Azure
  return stepsOf({ environment, azure, purpose, offers: [] })
}

const idsOf = (...args: Parameters<typeof made>) => made(...args).map(({ id }) => id)
const second = { ...target(`${HUB}2`), location: undefined }

describe('the steps of an environment of the tutorial', () => {
  const ALL = idsOf(tutorial, {})
  test('are all that it says, in its order', () => {
    expect(ALL).toEqual([
      'providers',
      'resource-group',
      'expiry',
      'grant/iot-hub-application',
      'identity',
      'namespace',
      'grant/identity',
      'credential',
      'policy/p',
      'stale-link/hub1',
      'hub/hub1',
      'grant/hub1',
      'dps',
      'link/hub1',
      'sync',
      'enrollment-group/g'
    ])
  })

  test.each<[string, World, readonly string[]]>([
    [
      'the grant to the IoT Hub application where it is skipped',
      { grants: { hubApp: 'skip' } },
      ['grant/iot-hub-application']
    ],
    [
      'grants that an administrator makes',
      { grants: { manage: false } },
      ['grant/iot-hub-application', 'grant/identity', 'grant/hub1']
    ],
    [
      'grants of an administrator, but for the one that is required',
      { grants: { manage: false, hubApp: 'required' } },
      ['grant/identity', 'grant/hub1']
    ],
    ['the sync where there are no certificates', { more: { certificates: false } }, ['sync']],
    [
      'what carries the lifetime, without a hub',
      { more: { hubs: [] } },
      ['expiry', 'stale-link/hub1', 'hub/hub1', 'grant/hub1', 'link/hub1']
    ]
  ])('lack %s', (_what, world, missing) => {
    expect(idsOf(tutorial, world)).toEqual(ALL.filter((id) => !missing.includes(id)))
  })

  test.each<[string, Partial<GrantSpec>, string, readonly string[]]>([
    [
      'both roles of the identity',
      {},
      'grant/identity',
      ['Azure Device Registry Contributor', 'Azure Device Registry Onboarding']
    ],
    [
      'one role of the identity without onboarding',
      { onboarding: false },
      'grant/identity',
      ['Azure Device Registry Contributor']
    ],
    [
      'both roles of the namespace',
      {},
      'grant/hub1',
      ['Contributor', 'IoT Hub Registry Contributor']
    ],
    ['the role that was given', { hubRoleDefinitionId: '/x/own' }, 'grant/hub1', ['role own']]
  ])('grant %s', (_what, grants, id, names) => {
    const step = made(tutorial, { grants }).find((one) => one.id === id)
    const checks = step?.checks?.({ principalId: 'p', missing: [] }, () => ({}) as never) ?? []
    expect(checks.map(({ what }) => what.replace(/ is granted to p$/, ''))).toEqual(names)
  })

  test.each(['grant/identity', 'grant/hub1'])('%s is looked for where its scope is', async (id) => {
    const asked: string[] = []
    const list = (path: string) => {
      asked.push(path)
      return []
    }
    const step = made(tutorial, { answers: { list } }).find((one) => one.id === id) as AnyStep
    const principal = { principalId: 'p', identity: { principalId: 'p' } }
    const looksFor = async (scope: object | undefined) => {
      asked.length = 0
      const facts = { resource: scope && { ...principal, ...scope } }
      const seen = (one: AnyStep) =>
        one.resource === step.resource ? facts : { resource: principal }
      await step.observe(seen as never, signal)
      return asked.length > 0
    }
    expect([await looksFor({}), await looksFor(undefined)]).toEqual([true, false])
  })
})

describe('the steps of an environment of certificate authorities', () => {
  const ALL = idsOf(newer, {})
  test('are all that it needs, in its order', () => {
    expect(ALL).toEqual([
      'providers',
      'resource-group',
      'expiry',
      'namespace',
      'grant/namespace',
      'unlink/dps1',
      'dps',
      'grant/namespace/dps1',
      'grant/dps',
      'link/dps1',
      'unlink/hub1',
      'hub/hub1',
      'grant/namespace/hub1',
      'grant/hub/hub1',
      'grant/dps/hub1',
      'link/hub1',
      'certificate-authorities',
      'certificate-authority/root',
      'certificate-authority/issuing-p',
      'policy/p',
      'push',
      'hub-certificates',
      'enrollment-group/g',
      'registry-devices'
    ])
  })

  const CERTIFICATES = [
    'certificate-authorities',
    'certificate-authority/root',
    'certificate-authority/issuing-p',
    'policy/p'
  ]
  test.each<[string, World, readonly string[]]>([
    [
      'certificates where there are none',
      { more: { certificates: false } },
      [...CERTIFICATES, 'hub-certificates']
    ],
    [
      'no CA of one that is taken down',
      { more: { certificates: false }, purpose: takeDown() },
      ['hub-certificates']
    ],
    [
      'grants that an administrator makes',
      { grants: { manage: false } },
      ALL.filter((id) => id.startsWith('grant/'))
    ],
    [
      'what carries the lifetime, without a hub',
      { more: { hubs: [] } },
      ['expiry', ...ALL.filter((id) => id.endsWith('/hub1'))]
    ]
  ])('lack %s', (_what, world, missing) => {
    expect(idsOf(newer, world)).toEqual(ALL.filter((id) => !missing.includes(id)))
  })
})

test.each([
  ['of the tutorial', tutorial],
  ['of certificate authorities', newer]
])('the first hub %s alone carries the lifetime', (_which, stepsOf) => {
  const steps = made(stepsOf, {
    more: { hubs: [...ENVIRONMENT.hubs, second], expiresAfter: 1_000 }
  })
  const expiry = steps.find(({ id }) => id === 'expiry')
  expect(expiry?.reads?.map(({ id }) => id)).toEqual(['resource-group', 'hub/hub1'])
})

test('a hub is linked with its weight alone', () => {
  const weighted = { ...second, allocationWeight: 2 }
  const link = made(newer, { more: { hubs: [...ENVIRONMENT.hubs, weighted] } }).filter(({ id }) =>
    id.startsWith('link/hub')
  )
  const verdicts = link.map((step) => {
    const verdict = step.judge({ namespace: undefined, placed: undefined }, () => ({}) as never)
    return verdict.action === 'create' ? verdict.changes : verdict.action
  })
  expect(verdicts).toEqual([
    [],
    [{ property: 'provisioning.allocationWeight', before: undefined, after: 2 }]
  ])
})

test.each([
  ['the tutorial', tutorial],
  ['certificate authorities', newer]
])('the first hub of %s alone says how long its environment lives', async (_model, stepsOf) => {
  const born: Record<string, unknown>[] = []
  const answers = {
    get: () => undefined,
    put: (_id: string, { body }: { body: { tags: Record<string, unknown> } }) => {
      born.push(body.tags)
      throw new Error('enough')
    }
  }
  const more = { hubs: [...ENVIRONMENT.hubs, second], expiresAfter: 1_000 }
  const hubs = made(stepsOf, { more, answers }).filter(({ id }) => id.startsWith('hub/'))
  const task = { ...ALONE, facts: { resource: undefined }, signal, progress: () => {} }
  // The group is somebody's, so that it carries nothing.
  const see = () => ({ resource: { id: '/shared', tags: {}, principalId: 'p' } })
  for (const hub of hubs) {
    const create = hub.apply({ ...task, see: see as never, verdict: { action: 'create' } })
    await expect(create).rejects.toThrow('enough')
  }
  expect(born.map((tags) => 'iot-expires' in tags)).toEqual([true, false])
})
