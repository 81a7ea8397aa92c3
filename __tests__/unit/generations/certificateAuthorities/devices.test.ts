import { expect, test } from '@jest/globals'
import { devicesStep } from '../../../../src/generations/certificateAuthorities/devices.ts'
import type { LinkingNamespace } from '../../../../src/generations/certificateAuthorities/model.ts'
import type { ArmFacts } from '../../../../src/resources/life.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import {
  OWNERSHIP,
  seeing,
  seeNothing,
  signal,
  standIn,
  takeDown,
  target,
  tracked
} from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { HUB, NAMESPACE } from './sample.ts'

const namespace = standIn<ArmFacts<LinkingNamespace>>(NAMESPACE)
const DEVICE = { id: `${NAMESPACE}/registryDevices/d`, name: 'd' }

function stepOf(destroyDevices = false, build = false) {
  const purpose = build ? ({ does: 'build' } as const) : takeDown()
  const of = { of: target(NAMESPACE), namespace, others: [standIn(HUB)] }
  const azure = azureOf({ list: () => [DEVICE] })
  return devicesStep(azure, purpose, { ownership: OWNERSHIP, destroyDevices }, of)
}

test.each<[string, boolean, Owner | undefined, number]>([
  ['of a namespace that is to go', false, 'ours', 1],
  ['but not of a shared one', false, 'shared', 0],
  ['but not of none', false, undefined, 0],
  ['but not to build', true, 'ours', 0]
])('registry devices are looked for, %s', async (_what, build, owner, count) => {
  const see = seeing([namespace, { resource: owner && tracked(owner, NAMESPACE) }])
  expect((await stepOf(false, build).observe(see, signal)).devices).toHaveLength(count)
})

test.each<[string, boolean, number, string | undefined]>([
  ['none are no concern', false, 0, undefined],
  ['none are no concern, whatever is asked for', true, 0, undefined],
  ['one keeps its namespace', false, 1, 'leave: one is there'],
  ['two keep their namespace', false, 2, 'leave: 2 are there'],
  ['they go when that is asked for', true, 2, 'remove']
])('registry devices: %s', (_what, destroyDevices, count, line) => {
  const { teardown } = stepOf(destroyDevices)
  const devices = Array.from({ length: count }, () => DEVICE)
  const verdict = teardown?.judge({ devices }, seeNothing, () => true)
  const text = verdict?.action === 'leave' ? `leave: ${verdict.reason}` : verdict?.action
  if (line === undefined) expect(text).toBeUndefined()
  else expect(text).toContain(line)
  expect([teardown?.onlyWith?.(), teardown?.uses?.({ devices })]).toEqual([namespace, [HUB]])
})
