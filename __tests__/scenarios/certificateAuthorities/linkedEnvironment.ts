import { expect } from '@jest/globals'
import { removeResource } from '../../../emulator/world.ts'
import type { Body, Outcome, Resource, Scenario } from '../scenario.ts'

/** Left to itself the action takes the model of November 2026, which the emulator offers everywhere. */
export const AUTO = { 'service-version': '' }
export const NEWEST = '2026-11-01'
export const TUTORIAL = '2025-11-01-preview'

/** Phases in the order in which this model builds. */
export const ORDER = [
  'identity',
  'namespace',
  'dps',
  'hub',
  'certificates',
  'sync',
  'enrollment'
] as const

type Section = 'provisioning' | 'messaging'

/** An environment of the model whose namespace links hubs and DPS. */
export class Linked {
  readonly #scenario: Scenario

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  built(inputs: Readonly<Record<string, string>> = {}): Promise<void> {
    return this.#scenario.built({ ...AUTO, ...inputs })
  }

  apply(inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.#scenario.apply({ ...AUTO, ...inputs })
  }

  run(inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.#scenario.run({ ...AUTO, ...inputs })
  }

  /** One more run, after which the next has nothing to do, and every check holds. */
  async mended(inputs: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const run = await this.apply(inputs)
    const again = await this.run({ ...inputs, operation: 'verify' })
    expect([again.failure, again.outputs.changed]).toEqual(['', 'false'])
    return run
  }

  /** A plan that stops for good before anything is written. @returns why */
  async refused(inputs: Readonly<Record<string, string>> = {}): Promise<string> {
    const run = await this.run(inputs)
    expect([run.exitCode, run.writes]).toEqual([1, []])
    return run.failure
  }

  get namespace(): Resource {
    return this.#scenario.only('namespaces')
  }

  /** The endpoints of a section, as the namespace shows them. */
  endpoints(section: Section): Body {
    return (this.namespace.body.properties[section]?.endpoints ?? {}) as Body
  }

  /** The only endpoint of a section. */
  endpoint(section: Section): Body {
    const [endpoint, ...others] = Object.values(this.endpoints(section))
    expect([endpoint === undefined, others]).toEqual([false, []])
    return endpoint as Body
  }

  /** As if Azure had given up on a link, whatever its grants. */
  fail(section: Section, linkingError?: object): void {
    Object.assign(this.endpoint(section), { linkingState: 'Failed', linkingError })
    this.namespace.body.properties.provisioningState = 'Failed'
  }

  /** Deletes a resource and all below it, as a person would that needs no permission of the service. */
  remove(type: string): void {
    const { id } = this.#scenario.only(type)
    removeResource(this.#scenario.azure.world, id)
  }

  /** What there is, without what differs from one building to the next. */
  shape(): unknown {
    const { resources, roleAssignments, enrollmentGroups } = this.#scenario.azure.world
    const states = (section: Section) =>
      Object.entries(this.endpoints(section)).map(([name, one]) => [name, one.linkingState])
    return {
      resources: [...resources.keys()].sort((a, b) => a.localeCompare(b)),
      grants: [...roleAssignments.values()]
        .map(
          ({ id, body: { properties } }) =>
            `${id.split('/providers/Microsoft.Authorization/')[0]} ${(properties as Body).roleDefinitionId}`
        )
        .sort((a, b) => a.localeCompare(b)),
      groups: [...enrollmentGroups.values()].map(({ body }) => [
        body.enrollmentGroupId,
        body.namespaceName,
        body.certificateAuthorityName,
        body.certificatePolicyName,
        body.iotHubs
      ]),
      links: [states('provisioning'), states('messaging')]
    }
  }
}

/** Methods and types of the writes: `PATCH namespaces`. */
export function shortWrites({ writes }: Outcome): readonly string[] {
  return writes.map((write) => {
    const [method = '', path = ''] = write.split(' ')
    const last = path.slice(path.lastIndexOf('/providers/') + '/providers/'.length)
    const short = /\/enrollmentGroups\//.test(path)
      ? 'enrollmentGroups'
      : /\/providers\//.test(path)
        ? last
            .split('/')
            .filter((_, index) => index % 2 === 1)
            .join('/')
        : 'resourceGroups'
    return `${method} ${short}`
  })
}

/** Whatever the deploying identity may do, it may not read the providers of the subscription. */
export function hideProviders({ azure }: Scenario): void {
  const deny = { code: 'AuthorizationFailed', message: 'denied' }
  const effect = { kind: 'answer', status: 403, body: { error: deny } } as const
  const path = '/providers/Microsoft\\.\\w+\\?'
  azure.setFaults([{ method: 'GET', path, times: 99, effect }])
}
