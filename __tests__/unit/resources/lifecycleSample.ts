import type { Tools } from '../../../src/resources/context.ts'
import type { ArmFacts, Life } from '../../../src/resources/life.ts'
import { lifecycle } from '../../../src/resources/lifecycle.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import { HUB, toolsOf, tracked } from './sample.ts'

export type Facts = ArmFacts<TrackedResource>
export type LifeOf = Life<TrackedResource>

export const present: LifeOf['present'] = { outputs: ({ id }) => ({ 'hub-id': id }) }

export function stepOf(more: Partial<LifeOf> = {}, tools: Tools = toolsOf(), lost = false) {
  return lifecycle<TrackedResource>(
    tools,
    {
      id: 'hub/hub1',
      kind: 'IoT hub',
      resource: HUB,
      phase: 'hub',
      apiVersion: 'v',
      input: 'hub',
      needs: [],
      create: { body: () => ({ location: 'westeurope' }) },
      present,
      ...more
    },
    () => ({ byId: false, lost })
  )
}

export const hub = (owner: Owner, properties: object = {}): Facts => ({
  resource: tracked(owner, HUB, { properties })
})
export const LATE: LifeOf['present'] = { ...present, late: () => 'its host name' }
export const CHANGE = { property: 'weight', before: 1, after: 2 }
