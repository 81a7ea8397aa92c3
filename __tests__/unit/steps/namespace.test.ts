import { describe, expect, test } from '@jest/globals'
import { hasOwnIdentity } from '../../../src/resources/identity.ts'
import type { Identity, Namespace } from '../../../src/resources/model.ts'
import { namespaceStep } from '../../../src/steps/namespace.ts'
import {
  IDENTITY,
  NAMESPACE,
  seeing,
  seeNothing,
  signal,
  takeDown,
  target,
  toolsOf,
  tracked
} from '../resources/sample.ts'
import { azureOf, group, groupFacts, providers } from './sample.ts'

const OWN: Identity = { type: 'SystemAssigned', principalId: 'p' }
const namespace = (identity: Identity | undefined, properties: object = {}): Namespace =>
  tracked<Namespace>('ours', NAMESPACE, { ...(identity && { identity }), properties })

interface Options {
  readonly lives?: boolean
  readonly contents?: readonly string[]
}

function stepOf({ lives, contents }: Options = {}, tools = toolsOf(), azure = azureOf()) {
  return namespaceStep(
    tools,
    azure,
    {
      target: target(NAMESPACE),
      location: 'westeurope',
      ...(lives !== undefined && { lives: () => lives }),
      ...(contents && {
        contents: async () => contents.map((resource) => ({ kind: 'CA', resource })),
        goesAfter: () => [providers]
      })
    },
    { group, providers }
  )
}

describe('a namespace', () => {
  const FAILED = namespace(OWN, { provisioningState: 'Failed' })
  test.each<[string, Namespace | undefined, boolean | undefined, object]>([
    ['is made', undefined, undefined, { action: 'create' }],
    ['is kept', namespace(OWN), undefined, { action: 'keep' }],
    ['is not moved', { ...namespace(OWN), location: 'eastus' }, undefined, { action: 'cannot' }],
    [
      'without an identity is given one',
      namespace(undefined),
      undefined,
      {
        action: 'change',
        changes: [{ property: 'identity.type', before: undefined, after: 'SystemAssigned' }]
      }
    ],
    [
      'with an attached identity keeps that',
      namespace({ type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } }),
      undefined,
      {
        action: 'change',
        changes: [
          {
            property: 'identity.type',
            before: 'UserAssigned',
            after: 'SystemAssigned,UserAssigned'
          }
        ]
      }
    ],
    [
      'is waited for until its principal is told',
      namespace({ type: 'SystemAssigned' }),
      undefined,
      { action: 'await', reason: 'Azure to tell the principal id of its identity' }
    ],
    ['that failed is made again', FAILED, undefined, { action: 'act' }],
    ['that failed and lives is not', FAILED, true, { action: 'cannot' }],
    ['that failed and does not live is made again', FAILED, false, { action: 'act' }]
  ])('%s', (_what, resource, lives, verdict) => {
    const options = lives === undefined ? {} : { lives }
    expect(stepOf(options).judge({ resource }, seeNothing)).toMatchObject(verdict)
  })

  test.each([
    ['lives', true, { state: 'Active' }],
    ['does not live', false, {}]
  ])('that %s after its last change failed is seen so', async (_what, lives, state) => {
    const found = namespace(OWN, { provisioningState: 'Failed' })
    const step = stepOf({ lives }, toolsOf(), azureOf({ get: () => found }))
    const { resource } = await step.observe(seeing([group, groupFacts('ours')]), signal)
    expect(resource?.properties).toEqual({ provisioningState: 'Failed', ...state })
  })

  test('that is not there is not', async () => {
    const step = stepOf({ lives: true }, toolsOf(), azureOf({ get: () => undefined }))
    expect(await step.observe(seeNothing, signal)).toHaveProperty('absence')
  })

  test('puts out its principal once it is told', () => {
    expect(stepOf().outputs?.({ resource: namespace(OWN) })).toHaveProperty(
      'namespace-principal-id'
    )
    expect(stepOf().outputs?.({ resource: namespace({}) })).not.toHaveProperty(
      'namespace-principal-id'
    )
  })

  test('is checked for its identity and its state', () => {
    const holds = (one: Namespace) =>
      stepOf()
        .checks?.({ resource: one }, seeNothing)
        .map((check) => check.holds)
    expect([holds(namespace(OWN)), holds(namespace({}, { state: 'Failed' }))]).toEqual([
      [true, true],
      [false, false]
    ])
  })

  test.each<[string, readonly string[] | undefined, readonly string[]]>([
    ['what uses it', undefined, ['/user']],
    ['what uses it and what lies in it', ['/ca'], ['/user', '/ca']]
  ])('that is to go is kept by %s', async (_what, contents, kept) => {
    const purpose = takeDown({ usersOf: async () => [{ kind: 'IoT hub', resource: '/user' }] })
    const azure = azureOf({ get: () => namespace(OWN) })
    const step = stepOf(contents ? { contents } : {}, toolsOf({ purpose }), azure)
    const facts = await step.observe(seeNothing, signal)
    expect(facts.contents?.map(({ resource }) => resource)).toEqual(kept)
    expect(step.teardown?.goesAfter?.()).toEqual(contents && [providers])
  })
})

test.each<[Identity | undefined, boolean]>([
  [undefined, false],
  [{}, false],
  [{ type: 'None' }, false],
  [{ type: 'UserAssigned' }, false],
  [{ type: 'systemassigned' }, true],
  [{ type: 'SystemAssigned,UserAssigned' }, true],
  [{ type: 'SystemAssigned, UserAssigned' }, true],
  [{ type: 'UserAssigned, SystemAssigned' }, true]
])('the identity %j is one of its own: %s', (identity, own) => {
  expect(hasOwnIdentity(identity)).toBe(own)
})
