import type { Azure } from '../../azure/azure.ts'
import type { See, Step } from '../../engine/step.ts'
import type { ArmFacts } from '../../resources/life.ts'
import type { Dps, Hub } from '../../resources/model.ts'
import type { GrantSpec, HubSpec, Target } from '../../settings/settings.ts'
import type { DpsFacts } from '../../steps/dps.ts'
import { type GrantFacts, grantsStep } from '../../steps/grants.ts'
import type { HubFacts } from '../../steps/hub.ts'
import {
  CONTRIBUTOR,
  DEVICE_REGISTRY_ADMINISTRATOR,
  DEVICE_REGISTRY_CONTRIBUTOR,
  HUB_DATA_CONTRIBUTOR
} from '../../steps/roles.ts'
import { endpointTo, outboundPrincipal } from './endpoints.ts'
import { inboundPrincipal } from './inbound.ts'
import type { LinkingNamespace } from './model.ts'

interface Resources {
  readonly of: Target
  readonly namespace: Step<ArmFacts<LinkingNamespace>>
  readonly dpsTarget: Target
  readonly dps: Step<DpsFacts>
}

/**
 * Who may do what, as the matrix of contract B 5.1 has it (b1 to b8): the namespace acts on hubs and DPS by its outbound
 * identity, on itself by its own, and hubs and DPS act on the namespace by the identity that they are linked with.
 */
export class Grants {
  readonly #azure: Pick<Azure, 'arm' | 'ahead' | 'permissions' | 'time'>
  readonly #spec: GrantSpec
  readonly #resources: Resources

  constructor(
    azure: Pick<Azure, 'arm' | 'ahead' | 'permissions' | 'time'>,
    spec: GrantSpec,
    resources: Resources
  ) {
    this.#azure = azure
    this.#spec = spec
    this.#resources = resources
  }

  /** b3: registry devices are made by the namespace's own identity, whichever acts outwards. */
  get ofNamespace(): readonly Step<GrantFacts>[] {
    const { of, namespace } = this.#resources
    return this.#if({
      id: 'grant/namespace',
      kind: 'Roles of the namespace on itself',
      phase: 'namespace',
      scope: of.id,
      roles: [DEVICE_REGISTRY_ADMINISTRATOR],
      principal: (see) => see(namespace).resource?.identity?.principalId,
      principalResource: of.id,
      scopeExists: (see) => see(namespace).resource !== undefined,
      needs: [namespace],
      reads: [namespace]
    })
  }

  /** b1, b2 and b7. */
  get ofDps(): readonly Step<GrantFacts>[] {
    const { of, namespace, dps, dpsTarget } = this.#resources
    return [
      ...this.#outbound('dps', 'DPS', dpsTarget, dps, [CONTRIBUTOR]),
      ...this.#if({
        id: 'grant/dps',
        kind: 'Roles of the DPS on the namespace',
        phase: 'dps',
        scope: of.id,
        roles: [
          CONTRIBUTOR,
          ...(this.#spec.issueCertificates ? [DEVICE_REGISTRY_CONTRIBUTOR] : [])
        ],
        principal: (see) => this.#inbound(dpsTarget, dps, see),
        principalResource: dpsTarget.id,
        scopeExists: (see) => see(namespace).resource !== undefined,
        needs: [namespace, dps],
        reads: [namespace, dps]
      })
    ]
  }

  /** b4 to b6, and b8. */
  ofHub(spec: HubSpec, hub: Step<HubFacts>): readonly Step<GrantFacts>[] {
    const { of, namespace, dps, dpsTarget } = this.#resources
    const phase = 'hub'
    return [
      ...this.#outbound('hub', 'hub', spec, hub, [CONTRIBUTOR, HUB_DATA_CONTRIBUTOR]),
      ...this.#if({
        id: `grant/hub/${spec.name}`,
        kind: 'Roles of the hub on the namespace',
        phase,
        scope: of.id,
        roles: [CONTRIBUTOR],
        principal: (see) => this.#inbound(spec, hub, see),
        principalResource: spec.id,
        scopeExists: (see) => see(namespace).resource !== undefined,
        needs: [namespace, hub],
        reads: [namespace, hub]
      }),
      ...(this.#spec.registerDevices
        ? this.#if({
            id: `grant/dps/${spec.name}`,
            kind: 'Roles of the DPS on the hub',
            phase,
            scope: spec.id,
            roles: [HUB_DATA_CONTRIBUTOR],
            principal: (see) => this.#inbound(dpsTarget, dps, see),
            principalResource: dpsTarget.id,
            scopeExists: (see) => see(hub).resource !== undefined,
            needs: [dps, hub],
            reads: [namespace, dps, hub]
          })
        : [])
    ]
  }

  #outbound<R extends Hub | Dps>(
    phase: 'hub' | 'dps',
    kind: string,
    target: Target,
    step: Step<ArmFacts<R>>,
    roles: readonly (typeof CONTRIBUTOR)[]
  ): readonly Step<GrantFacts>[] {
    const { of, namespace } = this.#resources
    return this.#if({
      id: `grant/namespace/${target.name}`,
      kind: `Roles of the namespace on the ${kind}`,
      phase,
      scope: target.id,
      roles,
      principal: (see) => {
        const found = see(namespace).resource
        return found && outboundPrincipal(found)
      },
      principalResource: of.id,
      scopeExists: (see) => see(step).resource !== undefined,
      needs: [namespace, step],
      reads: [namespace, step]
    })
  }

  #inbound<R extends Hub | Dps>(
    target: Target,
    step: Step<ArmFacts<R>>,
    see: See
  ): string | undefined {
    const { namespace } = this.#resources
    const { endpoint } = endpointTo(see(namespace).resource, target.id) ?? {}
    return inboundPrincipal(see(step).resource, endpoint)
  }

  /** With `role-assignments: skip` an administrator made them, and nothing is read or written. */
  #if(options: Parameters<typeof grantsStep>[1]): readonly Step<GrantFacts>[] {
    return this.#spec.manage ? [grantsStep(this.#azure, options)] : []
  }
}
