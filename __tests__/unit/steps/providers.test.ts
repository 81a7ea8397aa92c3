import { describe, expect, test } from '@jest/globals'
import type { Provider } from '../../../src/azure/clients/providers.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Offer } from '../../../src/resources/offer.ts'
import { providersStep } from '../../../src/steps/providers.ts'
import {
  ALONE,
  HUB,
  seeing,
  seeNothing,
  signal,
  standIn,
  target,
  tracked
} from '../resources/sample.ts'
import { azureOf } from './sample.ts'

const OFFER: Offer = {
  namespace: 'Microsoft.Devices',
  type: 'IotHubs',
  version: 'v2',
  region: 'hub-location'
}
const hub = standIn<{ resource: TrackedResource | undefined }>(HUB)
const missing = seeing([hub, { resource: undefined }])
const HINT: Offer = {
  ...OFFER,
  namespace: 'Microsoft.DeviceRegistry',
  type: 'namespaces/credentials',
  hint: true
}

function provider(more: Partial<Provider> = {}, apiVersions = ['v2']): Provider {
  const resourceTypes = [{ resourceType: 'IotHubs', apiVersions, locations: ['West Europe'] }]
  return { namespace: 'Microsoft.Devices', registrationState: 'Registered', resourceTypes, ...more }
}

function stepOf(
  offers: readonly Offer[],
  location = 'westeurope',
  found: readonly Provider[] = []
) {
  const read = async (_subscription: string, namespace: string) =>
    found.find((one) => one.namespace === namespace)
  return providersStep(
    azureOf({}, { providers: { read } }),
    { subscriptionId: 's', location: 'nowhere', hubs: [{ ...target(HUB), location }] },
    offers,
    () => [hub]
  )
}

describe('resource providers', () => {
  const UNREGISTERED = provider({ registrationState: 'NotRegistered' })
  const OUTDATED = provider({
    namespace: 'Microsoft.DeviceRegistry',
    resourceTypes: [{ resourceType: 'namespaces/credentials', apiVersions: [] }]
  })
  test.each<[string, readonly Offer[], readonly Provider[], string, object]>([
    ['that offer all are kept', [OFFER], [provider()], 'westeurope', { action: 'keep' }],
    [
      'that are not registered are registered',
      [OFFER],
      [UNREGISTERED],
      'westeurope',
      { action: 'act', reason: 'register Microsoft.Devices' }
    ],
    [
      'that may not be read are kept with a reason',
      [OFFER, HINT],
      [provider()],
      'westeurope',
      { action: 'keep', reason: 'not all could be read' }
    ],
    [
      'that lack a version stop',
      [OFFER],
      [provider({}, ['v1'])],
      'westeurope',
      { action: 'cannot' }
    ],
    ['that lack a region stop', [OFFER], [provider()], 'eastus', { action: 'cannot' }],
    [
      'that lack what is only a hint do not',
      [OFFER, HINT],
      [provider(), OUTDATED],
      'westeurope',
      { action: 'keep' }
    ]
  ])('%s', (_what, offers, readable, location, verdict) => {
    expect(stepOf(offers, location).judge({ readable }, seeNothing)).toEqual(
      'problems' in verdict ? verdict : expect.objectContaining(verdict)
    )
  })

  test('that all could be read are kept without a word', () => {
    expect(stepOf([OFFER]).judge({ readable: [provider()] }, seeNothing)).toEqual({
      action: 'keep'
    })
  })

  test('that are not registered are told to those that need them', () => {
    const step = stepOf([OFFER])
    expect(step.unmetRequirement({ readable: [UNREGISTERED] })).toBe(
      'not registered: Microsoft.Devices'
    )
    expect(step.unmetRequirement({ readable: [provider()] })).toBeUndefined()
  })

  test('are those that may be read', async () => {
    const step = stepOf([OFFER, HINT], 'westeurope', [provider()])
    expect(await step.observe(missing, signal)).toEqual({ readable: [provider()] })
  })

  test('are not asked for where all is there that is made of them', async () => {
    const step = stepOf([OFFER])
    const there = seeing([hub, { resource: tracked('ours', HUB) }])
    const facts = await step.observe(there, signal)
    expect(facts).toEqual({ readable: [], notAsked: true })
    expect(step.judge(facts, there)).toEqual({ action: 'keep' })
  })

  test('are registered one by one, and waited for', async () => {
    const registered: string[] = []
    const states = ['Registering', 'Registered']
    const read = async () => provider({ registrationState: states.shift() ?? 'Registered' })
    const post = (path: string) => void registered.push(path)
    const step = providersStep(
      azureOf({ post }, { providers: { read } }),
      { subscriptionId: 's', location: undefined, hubs: [] },
      [OFFER],
      () => [hub]
    )
    const waits: string[] = []
    await step.apply({
      facts: { readable: [UNREGISTERED] },
      see: seeNothing,
      signal,
      ...ALONE,
      progress: (text) => void waits.push(text),
      verdict: { action: 'act', reason: 'register' }
    })
    expect(registered).toEqual(['/subscriptions/s/providers/Microsoft.Devices/register'])
    expect(waits).toEqual(['registration of Microsoft.Devices'])
  })
})
