import type { AnyStep } from '../../engine/step.ts'
import { type Context, toolsOf } from '../../resources/context.ts'
import type { HubSpec } from '../../settings/settings.ts'
import { dpsStep } from '../../steps/dps.ts'
import { enrollmentGroupStep } from '../../steps/enrollmentGroup.ts'
import { hubStep } from '../../steps/hub.ts'
import { lifetimeStep, WantedLifetime } from '../../steps/lifetime.ts'
import { namespaceStep } from '../../steps/namespace.ts'
import { providersStep } from '../../steps/providers.ts'
import { resourceGroupStep } from '../../steps/resourceGroup.ts'
import { authoritiesStep, serving } from './authorities.ts'
import { issuingStep, rootStep } from './authority.ts'
import { contentsOf } from './contents.ts'
import { devicesStep } from './devices.ts'
import { isInhabited } from './endpoints.ts'
import { Grants } from './grants.ts'
import { hubCertificatesStep } from './hubCertificates.ts'
import { dpsJoining, hubJoining } from './joining.ts'
import type { WantedLink } from './linkBody.ts'
import { linkToNamespace } from './linkStep.ts'
import type { LinkingNamespace } from './model.ts'
import { policyStep } from './policy.ts'
import { pushStep } from './push.ts'
import { unlinkStep } from './unlink.ts'

/** Certificate authorities, and a namespace that links hubs and DPS: in the order of contract B section 2. */
export function stepsOf(context: Context): readonly AnyStep[] {
  const { environment, azure, purpose, offers } = context
  const { location, subscriptionId, grants: granting } = environment
  const tools = toolsOf(context)
  const lifetime = new WantedLifetime(azure, environment)
  const of = environment.namespace

  const providers = providersStep(azure, environment, offers, () => [
    namespace,
    dps,
    ...perHub.map(({ hub }) => hub)
  ])
  const group = resourceGroupStep(
    tools,
    azure,
    { target: environment.group, location, lifetime },
    providers
  )
  const users: AnyStep[] = []
  const unlinkHubs: AnyStep[] = []
  const namespace = namespaceStep<LinkingNamespace>(
    tools,
    azure,
    {
      target: of,
      location,
      // What was linked once lives, whatever became of its last link.
      lives: isInhabited,
      contents: (found, signal) => contentsOf(azure, found, signal),
      goesAfter: () => users
    },
    { group, providers }
  )
  const home = [group, providers]

  const dpsNeeds: AnyStep[] = [...home]
  const dps = dpsStep(
    tools,
    azure,
    {
      target: environment.dps,
      location,
      joining: dpsJoining(),
      subscriptionId,
      hubs: environment.hubs
    },
    { group, needs: dpsNeeds }
  )
  const unlinkDps = unlinkStep(
    azure,
    {
      target: environment.dps,
      kind: dps.kind,
      phase: 'dps',
      apiVersion: azure.versions.provisioning,
      checkName: (signal) => azure.sdk.checkDpsName(environment.dps.name, signal),
      grants: granting
    },
    { of, namespace, resource: dps, group, before: unlinkHubs }
  )
  dpsNeeds.push(unlinkDps)
  const grants = new Grants(azure, granting, { of, namespace, dpsTarget: environment.dps, dps })
  const ofNamespace = grants.ofNamespace
  const ofDps = grants.ofDps
  const dpsLink: WantedLink = {
    section: 'provisioning',
    name: environment.dps.name,
    resourceId: environment.dps.id
  }
  const linkOfDps = linkToNamespace(
    azure,
    environment,
    { id: `link/${dpsLink.name}`, kind: dps.kind, phase: 'dps', link: dpsLink, wanted: [dpsLink] },
    { of, namespace, target: dps, grants: [...ofNamespace, ...ofDps], others: [] }
  )

  const linkOf = ({ name, id, allocationWeight }: HubSpec): WantedLink => ({
    section: 'messaging',
    name,
    resourceId: id,
    ...(allocationWeight !== undefined && { allocationWeight })
  })
  const hubLinks = environment.hubs.map(linkOf)
  const perHub = environment.hubs.map((spec, index) => {
    const needs: AnyStep[] = [...home]
    const hub = hubStep(
      tools,
      azure,
      {
        spec,
        joining: hubJoining(spec),
        hubs: environment.hubs.length,
        lifetime: index === 0 ? lifetime : undefined,
        dps: environment.dps.id
      },
      { group, needs }
    )
    const unlink = unlinkStep(
      azure,
      {
        target: spec,
        kind: hub.kind,
        phase: 'hub',
        apiVersion: azure.versions.iotHub,
        checkName: (signal) => azure.sdk.checkHubName(spec.name, signal),
        grants: granting
      },
      { of, namespace, resource: hub, group, before: [...unlinkHubs] }
    )
    // A dead endpoint of the same name is dropped while there is no hub, and that step looks at the hub.
    needs.push(unlink)
    unlinkHubs.push(unlink)
    const hubGrants = grants.ofHub(spec, hub)
    const link = linkToNamespace(
      azure,
      environment,
      {
        id: `link/${spec.name}`,
        kind: hub.kind,
        phase: 'hub',
        link: linkOf(spec),
        wanted: hubLinks
      },
      { of, namespace, target: hub, grants: hubGrants, others: [linkOfDps] }
    )
    return { spec, hub, unlink, hubGrants, link }
  })
  const hubs = new Map(perHub.map(({ spec, hub }) => [spec, hub]))
  const links = [linkOfDps, ...perHub.map(({ link }) => link)]
  const allGrants = [...ofNamespace, ...ofDps, ...perHub.flatMap(({ hubGrants }) => hubGrants)]

  const certifies = environment.certificates || purpose.does === 'take down'
  const authorities = authoritiesStep(azure, of, environment.policies, namespace)
  const parents = { of, namespace, authorities, links, users: () => users }
  const root = rootStep(tools, azure, parents)
  const certified = environment.policies.map((spec) => {
    const issuing = issuingStep(tools, azure, spec, environment.policies, root, parents)
    const policy = policyStep(azure, environment, spec, {
      of,
      authorities,
      issuing,
      users: parents.users
    })
    return { spec, issuing, policy }
  })
  const issuing = new Map(certified.map(({ spec, issuing: step }) => [spec, step]))
  const policies = certified.map(({ policy }) => policy)

  const push = pushStep(azure, environment, {
    target: environment.dps,
    dps,
    link: linkOfDps,
    others: links
  })
  const hubCertificates = hubCertificatesStep(azure, {
    of,
    hubs,
    authorities,
    issuing,
    others: links
  })

  const enrollmentGroups = environment.enrollmentGroups.map((spec) =>
    enrollmentGroupStep(azure, tools.claim, spec, {
      target: environment.dps,
      dps,
      hubs,
      links: [...links, push],
      policies,
      binding: (policy, see) => {
        const authority = serving(of.id, policy, see(authorities).all)
        return {
          namespaceName: of.name,
          certificateAuthorityName: authority.slice(authority.lastIndexOf('/') + 1),
          certificatePolicyName: policy
        }
      }
    })
  )

  const devices = devicesStep(azure, purpose, environment, {
    of,
    namespace,
    others: [
      dps,
      ...hubs.values(),
      root,
      ...issuing.values(),
      ...policies,
      ...enrollmentGroups,
      ...allGrants
    ]
  })
  users.push(dps, ...hubs.values())

  const [first] = perHub
  const expiry =
    first === undefined
      ? []
      : [lifetimeStep(azure, tools.claim, lifetime, { group, hub: first.hub })]
  return [
    providers,
    group,
    ...expiry,
    namespace,
    ...ofNamespace,
    unlinkDps,
    dps,
    ...ofDps,
    linkOfDps,
    ...perHub.flatMap(({ unlink, hub, hubGrants, link }) => [unlink, hub, ...hubGrants, link]),
    ...(certifies
      ? [authorities, root, ...certified.flatMap((one) => [one.issuing, one.policy])]
      : []),
    push,
    ...(environment.certificates ? [hubCertificates] : []),
    ...enrollmentGroups,
    devices
  ]
}
