import type { EnrollmentGroup } from '../../../src/azure/clients/enrollmentGroup.ts'
import type { Dps } from '../../../src/resources/model.ts'
import type { Owner } from '../../../src/settings/ownerTags.ts'
import type { EnrollmentGroupSpec, HubSpec } from '../../../src/settings/settings.ts'
import type { DpsFacts } from '../../../src/steps/dps.ts'
import {
  enrollmentGroupStep,
  type GroupEnrollmentFacts
} from '../../../src/steps/enrollmentGroup.ts'
import type { HubFacts } from '../../../src/steps/hub.ts'
import { CLAIM, DPS, HUB, seeing, standIn, target, tracked } from '../resources/sample.ts'
import { azureOf } from './sample.ts'

export const HOST = 'hub1.azure-devices.net'
const SPEC: EnrollmentGroupSpec = { name: 'g', policy: 'p' }
const HUB_SPEC: HubSpec = { ...target(HUB), location: undefined }

export interface World {
  readonly spec?: Partial<EnrollmentGroupSpec>
  /** How the DPS stands to the environment; undefined while there is none. */
  readonly dps?: Owner | undefined
  readonly hub?: Owner
  readonly linked?: readonly string[]
  /** What is waited for at the DPS. */
  readonly late?: string
  /** What the service tells, in turn. */
  readonly told?: readonly (EnrollmentGroup | Error | undefined)[]
  readonly log?: string[]
}

export function worldOf({
  spec = {},
  dps: owner,
  hub: hubOwner = 'ours',
  linked = [HOST],
  late,
  told = [],
  log = []
}: World) {
  const dps = standIn<DpsFacts>(DPS, {
    kind: 'DPS',
    judge: () => (late === undefined ? { action: 'keep' } : { action: 'await', reason: late })
  })
  const hub = standIn<HubFacts>(HUB)
  const link = standIn(`${DPS}#hub1`, {
    observe: async () => ({}),
    apply: async () => void log.push('link')
  })
  const answers = [...told]
  const data = {
    get: async () => {
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return answer
    },
    put: async (_dps: object, _name: string, body: object) => {
      log.push('write')
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
      return body
    },
    keys: async () => ({ type: 'symmetricKey' }),
    delete: async (_dps: object, _name: string, etag: string | undefined) => {
      log.push(`delete ${etag}`)
      const answer = answers.shift()
      if (answer instanceof Error) throw answer
    }
  }
  const resource =
    owner &&
    tracked<Dps>(owner, DPS, {
      properties: {
        serviceOperationsHostName: 'dps1.x',
        iotHubs: linked.map((name) => ({ name }))
      }
    })
  const step = enrollmentGroupStep(
    azureOf({}, { data }),
    CLAIM,
    { ...SPEC, ...spec },
    {
      target: target(DPS),
      dps,
      hubs: new Map([[HUB_SPEC, hub]]),
      links: [link],
      policies: [],
      binding: (policy) => ({ credentialPolicyName: String(policy) })
    }
  )
  return { step, see: seeing([dps, { resource }], [hub, { resource: tracked(hubOwner, HUB) }]) }
}

export const found = (more: Partial<EnrollmentGroup> = {}): EnrollmentGroup => ({
  enrollmentGroupId: 'g',
  attestation: { type: 'symmetricKey' },
  credentialPolicyName: 'p',
  iotHubs: [HOST],
  ...more
})

export const facts = (group: EnrollmentGroup | undefined): GroupEnrollmentFacts => ({
  group,
  hubs: [HOST]
})
