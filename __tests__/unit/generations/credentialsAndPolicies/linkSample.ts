import {
  type LinkFacts,
  linkStep,
  staleLinkStep
} from '../../../../src/generations/credentialsAndPolicies/link.ts'
import type {
  Edit,
  LinkedHubs
} from '../../../../src/generations/credentialsAndPolicies/linkedHubs.ts'
import type { Purpose } from '../../../../src/resources/context.ts'
import type { Dps, Hub, LinkedHub } from '../../../../src/resources/model.ts'
import type { HubSpec } from '../../../../src/settings/settings.ts'
import type { DpsFacts } from '../../../../src/steps/dps.ts'
import type { HubFacts } from '../../../../src/steps/hub.ts'
import { DPS, HUB, refused, seeing, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'

export const HOST = 'hub1.azure-devices.net'
export const OTHER: LinkedHub = { name: 'other.x', allocationWeight: 9 }

export interface World {
  readonly linked?: readonly LinkedHub[]
  readonly hub?: boolean
  readonly location?: string
  readonly absence?: HubFacts['absence']
  readonly purpose?: Purpose
  readonly spec?: Partial<HubSpec>
  readonly taken?: string | 'unknown'
  /** Whether the inputs name the DPS. */
  readonly named?: boolean
  readonly keys?: readonly (string | Error)[]
}

export function worldOf({
  linked = [],
  hub: exists = true,
  location = 'westeurope',
  absence,
  purpose = { does: 'build' },
  spec = {},
  taken,
  named = false,
  keys = ['key']
}: World = {}) {
  const dps = standIn<DpsFacts>(DPS)
  const hub = standIn<HubFacts>(HUB)
  const lists: (readonly LinkedHub[] | undefined)[] = []
  const linkedHubs = {
    edit: async (change: Edit) => {
      lists.push(change(lists.at(-1) ?? linked))
    }
  } as unknown as LinkedHubs
  const told = [...keys]
  const sdk = {
    checkHubName: async () =>
      taken === 'unknown' ? Promise.reject(refused(403, 'Denied')) : { taken },
    hubKey: async () => {
      const key = told.length > 1 ? told.shift() : told[0]
      if (key instanceof Error) throw key
      return key
    }
  }
  const found = exists ? tracked<Hub>('ours', HUB, { location }) : undefined
  const see = seeing(
    [dps, { resource: tracked<Dps>('ours', DPS, { properties: { iotHubs: linked } }) }],
    [hub, { resource: found, ...(absence && { absence }) }]
  )
  const azure = azureOf({}, { sdk })
  const ofHub: HubSpec = { ...target(HUB), location: undefined, ...spec }
  const parents = { dps, hub, linkedHubs, joined: [] }
  return {
    dps,
    step: linkStep(azure, purpose, ofHub, { ...parents, named }),
    stale: staleLinkStep(azure, ofHub, parents),
    see,
    lists
  }
}

export const facts = (more: Partial<LinkFacts> = {}): LinkFacts => ({
  linked: true,
  hubExists: true,
  dead: false,
  weight: undefined,
  ...more
})
