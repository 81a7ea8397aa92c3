import type { AnyStep } from '../../engine/step.ts'
import { type Context, toolsOf } from '../../resources/context.ts'
import { dpsStep } from '../../steps/dps.ts'
import { enrollmentGroupStep } from '../../steps/enrollmentGroup.ts'
import { grantsStep } from '../../steps/grants.ts'
import { hubStep } from '../../steps/hub.ts'
import { hubAppGrantStep } from '../../steps/hubAppGrant.ts'
import { identityStep } from '../../steps/identity.ts'
import { lifetimeStep, WantedLifetime } from '../../steps/lifetime.ts'
import { namespaceStep } from '../../steps/namespace.ts'
import { providersStep } from '../../steps/providers.ts'
import { resourceGroupStep } from '../../steps/resourceGroup.ts'
import {
  CONTRIBUTOR,
  customRole,
  DEVICE_REGISTRY_CONTRIBUTOR,
  DEVICE_REGISTRY_ONBOARDING,
  HUB_REGISTRY_CONTRIBUTOR
} from '../../steps/roles.ts'
import { credentialStep } from './credential.ts'
import { dpsJoining, hubJoining } from './join.ts'
import { linkStep, staleLinkStep } from './link.ts'
import { LinkedHubs } from './linkedHubs.ts'
import { policyStep } from './policy.ts'
import { syncStep } from './sync.ts'

/** Credential, policies and sync; hub and DPS point at the namespace. In the order of Microsoft's tutorial. */
export function stepsOf(context: Context): readonly AnyStep[] {
  const { environment, azure, purpose, offers } = context
  const { grants, location, subscriptionId } = environment
  const tools = toolsOf(context)
  const { claim } = tools
  const lifetime = new WantedLifetime(azure, environment)

  const providers = providersStep(azure, environment, offers, () => [
    identity,
    namespace,
    dps,
    ...hubs.values()
  ])
  const group = resourceGroupStep(
    tools,
    azure,
    { target: environment.group, location, lifetime },
    providers
  )
  // Where no grants may be made, an optional one is no reason to ask for a right that is known to be missing.
  const skipped = grants.hubApp === 'skip' || (grants.hubApp === 'optional' && !grants.manage)
  const hubApp = skipped ? [] : [hubAppGrantStep(azure, claim, grants, { providers, group })]
  const identity = identityStep(tools, azure, { target: environment.identity, location }, group)
  const ofNamespace = { target: environment.namespace, location }
  const namespace = namespaceStep(tools, azure, ofNamespace, { group, providers })

  const identityGrants = grantsIf(
    grantsStep(azure, {
      id: 'grant/identity',
      kind: 'Roles of the identity on the namespace',
      phase: 'namespace',
      scope: environment.namespace.id,
      roles: [
        DEVICE_REGISTRY_CONTRIBUTOR,
        ...(grants.onboarding ? [DEVICE_REGISTRY_ONBOARDING] : [])
      ],
      principal: (see) => see(identity).resource?.principalId,
      principalResource: environment.identity.id,
      scopeExists: (see) => see(namespace).resource !== undefined,
      needs: [identity, namespace],
      reads: [identity, namespace]
    })
  )

  const users: AnyStep[] = []
  const credential = credentialStep(tools, azure, environment, namespace, () => users)
  const parents = {
    of: environment.namespace,
    wished: environment.policies,
    namespace,
    credential
  }
  const policies = new Map(
    environment.policies.map((spec) => [spec, policyStep(tools, azure, spec, parents)])
  )

  const joined = [providers, identity, namespace, ...identityGrants]
  const linkedHubs = LinkedHubs.of(azure, environment.dps)
  const dps = dpsStep(
    tools,
    azure,
    {
      target: environment.dps,
      location,
      joining: dpsJoining(environment, linkedHubs),
      subscriptionId,
      hubs: environment.hubs
    },
    { group, needs: joined }
  )

  const perHub = environment.hubs.map((spec, index) => {
    const needs: AnyStep[] = [...joined, ...hubApp]
    const hub = hubStep(
      tools,
      azure,
      {
        spec,
        joining: hubJoining(environment),
        hubs: environment.hubs.length,
        lifetime: index === 0 ? lifetime : undefined,
        dps: environment.dps.id
      },
      { group, needs }
    )
    const staleLink = staleLinkStep(azure, spec, { dps, hub, linkedHubs, joined })
    // The hub waits for its stale link to go, and that step looks at the hub: one of them must learn of the other late.
    needs.push(staleLink)
    const hubGrants = grantsIf(
      grantsStep(azure, {
        id: `grant/${spec.name}`,
        kind: 'Roles of the namespace on the hub',
        phase: 'hub',
        scope: spec.id,
        roles: grants.hubRoleDefinitionId
          ? [customRole(grants.hubRoleDefinitionId)]
          : [CONTRIBUTOR, HUB_REGISTRY_CONTRIBUTOR],
        principal: (see) => see(namespace).resource?.identity?.principalId,
        principalResource: environment.namespace.id,
        scopeExists: (see) => see(hub).resource !== undefined,
        needs: [hub, namespace],
        reads: [hub, namespace]
      })
    )
    const link = linkStep(azure, purpose, spec, {
      dps,
      hub,
      linkedHubs,
      joined,
      named: environment.dps.given
    })
    return { spec, hub, staleLink, hubGrants, link }
  })
  const hubs = new Map(perHub.map(({ spec, hub }) => [spec, hub]))

  const sync = environment.certificates
    ? [
        syncStep(azure, credential.resource, {
          namespace,
          hubs,
          policies,
          others: perHub.flatMap(({ hubGrants }) => hubGrants)
        })
      ]
    : []
  const enrollmentGroups = environment.enrollmentGroups.map((spec) =>
    enrollmentGroupStep(azure, claim, spec, {
      target: environment.dps,
      dps,
      hubs,
      links: perHub.map(({ link }) => link),
      policies: [...policies.values()],
      binding: (policy) => ({ credentialPolicyName: policy })
    })
  )

  users.push(dps, ...hubs.values())
  const [first] = perHub
  const expiry =
    first === undefined ? [] : [lifetimeStep(azure, claim, lifetime, { group, hub: first.hub })]

  return [
    providers,
    group,
    ...expiry,
    ...hubApp,
    identity,
    namespace,
    ...identityGrants,
    credential,
    ...policies.values(),
    ...perHub.flatMap(({ staleLink, hub, hubGrants }) => [staleLink, hub, ...hubGrants]),
    dps,
    ...perHub.map(({ link }) => link),
    ...sync,
    ...enrollmentGroups
  ]

  /** With `role-assignments: skip` an administrator made them, and nothing is read or written. */
  function grantsIf<S extends AnyStep>(step: S): readonly S[] {
    return grants.manage ? [step] : []
  }
}
