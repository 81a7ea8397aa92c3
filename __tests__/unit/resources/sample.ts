import type { Azure } from '../../../src/azure/azure.ts'
import { AzureError } from '../../../src/azure/errors/azureError.ts'
import type { Claim } from '../../../src/resources/claim.ts'
import type { Purpose, Tools } from '../../../src/resources/context.ts'
import { Family } from '../../../src/resources/family.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import { creationTags } from '../../../src/resources/ownership.ts'
import type { Owner, Tags } from '../../../src/settings/ownerTags.ts'
import type { Ownership, Target } from '../../../src/settings/settings.ts'
import { ALONE, seeing, standIn } from '../engine/fakeStep.ts'

export { ALONE, seeing, standIn }

export const SUBSCRIPTION = '/subscriptions/s'
export const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`
export const HUB = `${GROUP}/providers/Microsoft.Devices/IotHubs/hub1`
export const DPS = `${GROUP}/providers/Microsoft.Devices/provisioningServices/dps1`
export const NAMESPACE = `${GROUP}/providers/Microsoft.DeviceRegistry/namespaces/ns1`
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id1`
export const NOW = Date.UTC(2026, 0, 1)

export const OWNERSHIP: Ownership = {
  host: 'github.com',
  repository: 'octo/iot',
  repositoryId: '42',
  environment: 'prod',
  branch: 'as recorded'
}

export const CLAIM: Claim = {
  ownership: OWNERSHIP,
  adopt: false,
  tags: {},
  serviceVersion: '2025-11-01-preview'
}
export const ADOPTING: Claim = { ...CLAIM, adopt: true }

/** Tags of a resource that stands so to the environment of `CLAIM`. */
export function tagsOf(owner: Owner, id: string): Tags {
  switch (owner) {
    case 'ours':
      return creationTags(CLAIM, id)
    case 'unproven':
      return creationTags(CLAIM, `${id}-copied-from`)
    case 'sibling':
      return creationTags({ ...CLAIM, ownership: { ...OWNERSHIP, environment: 'test' } }, id)
    case 'foreign':
      return creationTags({ ...CLAIM, ownership: { ...OWNERSHIP, repositoryId: '43' } }, id)
    case 'shared':
      return {}
  }
}

export function tracked<R extends TrackedResource = TrackedResource>(
  owner: Owner,
  id: string,
  more: Partial<R> = {}
): R {
  const name = id.slice(id.lastIndexOf('/') + 1)
  return { id, name, location: 'westeurope', tags: tagsOf(owner, id), ...more } as R
}

export function target(id: string, more: Partial<Target> = {}): Target {
  const [, , , , resourceGroup = ''] = id.split('/')
  return { id, name: id.slice(id.lastIndexOf('/') + 1), resourceGroup, given: false, ...more }
}

export const seeNothing = seeing()
export const signal = new AbortController().signal

/** Answers of Resource Manager by method; what is not given must not be asked. */
export type Answers = Partial<
  Record<
    'get' | 'list' | 'put' | 'patch' | 'delete' | 'post' | 'now',
    // biome-ignore lint/suspicious/noExplicitAny: each method has arguments of its own, and a test says which it looks at.
    (...args: any[]) => unknown
  >
>

export function armOf(answers: Answers = {}): Azure['arm'] {
  const methods = ['get', 'list', 'put', 'patch', 'delete', 'post'] as const
  const refuse = (name: string) => async (id: string) => {
    throw new Error(`${name} ${id} was not to be asked`)
  }
  const arm = methods.map((name) => {
    const answer = answers[name]
    return [name, answer ? async (...args: unknown[]) => answer(...args) : refuse(name)]
  })
  return {
    ...Object.fromEntries(arm),
    now: answers.now ?? (() => undefined),
    ask: () => {}
  } as Azure['arm']
}

/** A clock that only sleeping moves. */
export function clockAt(start = NOW): Azure['time'] & { readonly slept: readonly number[] } {
  let now = start
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      slept.push(ms)
      now += ms
    }
  }
}

export function toolsOf(more: Partial<Tools> = {}, answers: Answers = {}): Tools {
  return {
    azure: { arm: armOf(answers), time: clockAt(), tag: async () => {} },
    claim: CLAIM,
    purpose: { does: 'build' },
    family: new Family(),
    ...more
  }
}

/** The purpose of a teardown; what else is in the subscription as given. */
export function takeDown(inventory: object = {}): Purpose {
  return { does: 'take down', inventory: inventory as never }
}

export function refused(
  status: number,
  code = `HTTP ${status}`,
  reason = 'no',
  fromOperation = false
): AzureError {
  return new AzureError('do', '/thing', { status, code, reason }, fromOperation)
}
