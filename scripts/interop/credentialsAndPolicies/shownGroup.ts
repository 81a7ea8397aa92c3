import { at } from '../facts.ts'
import { type Run, sent } from '../stage.ts'
import { ROLES } from './versions.ts'
import { byText, type Viewer } from './viewer.ts'

interface Grant {
  readonly roleDefinitionName: string
  readonly principalId: string
  readonly principalType: string
}

/** The group, the identity, and every grant. */
export function shownGroup(view: Viewer) {
  const { az, azure, run, of, inGroup, fields, tags, agree } = view
  return {
    async group() {
      const body = sent(run, `/resourceGroups/${of('resource-group')}`)
      const theirs = await az.ask('group', 'show', '--name', of('resource-group'))
      const ours = {
        id: of('resource-group-id'),
        name: of('resource-group'),
        location: body.location,
        'properties.provisioningState': 'Succeeded'
      }
      fields('group show', ours, theirs)
      tags('group show', body, theirs)
      agree(`group exists`, true, await az.ask('group', 'exists', '--name', of('resource-group')))
      const list = (await az.ask('resource', 'list', ...inGroup)) as readonly { id: string }[]
      agree(
        `resource list | what lies in the group`,
        ['identity-id', 'namespace-id', 'hub-id', 'dps-id']
          .map((name) => of(name).toLowerCase())
          .sort(byText),
        list
          .map(({ id }) => id.toLowerCase())
          .filter((id) => !/\/namespaces\/[^/]+\//.test(id))
          .sort(byText)
      )
    },

    async identity() {
      const name = of('identity')
      const body = sent(run, `/userAssignedIdentities/${name}`)
      const theirs = await az.ask('identity', 'show', '--name', name, ...inGroup)
      const ours = {
        id: of('identity-id'),
        name,
        location: body.location,
        principalId: of('identity-principal-id'),
        clientId: of('identity-client-id'),
        tenantId: azure.env.AZURE_TENANT_ID,
        resourceGroup: of('resource-group')
      }
      fields('identity show', ours, theirs)
      tags('identity show', body, theirs)
    },

    /** Every grant at three scopes, and that there are no others. */
    async grants() {
      const uami = of('identity-principal-id')
      const namespace = of('namespace-principal-id')
      const wanted = {
        'resource-group-id': [[ROLES.contributor, hubApp(run)]],
        'namespace-id': [
          [ROLES.registryContributor, uami],
          [ROLES.onboarding, uami]
        ],
        'hub-id': [
          [ROLES.contributor, namespace],
          [ROLES.hubContributor, namespace]
        ]
      } as const
      for (const [scope, grants] of Object.entries(wanted)) {
        const list = (await az.ask(
          'role',
          'assignment',
          'list',
          '--scope',
          of(scope)
        )) as readonly Grant[]
        const what = `role assignment list at the ${scope}`
        agree(`${what} | how many`, grants.length, list.length)
        for (const [role, principal] of grants) {
          const found = list.find((one) => one.roleDefinitionName === role)
          agree(`${what} | ${role} | principal`, principal, found?.principalId)
          agree(`${what} | ${role} | type`, 'ServicePrincipal', found?.principalType)
        }
      }
    }
  }
}

/** Whom the grant at the group was made to: the action asks the directory for the IoT Hub application. */
function hubApp(run: Run): unknown {
  const grant = run.requests.find(
    ({ method, url, requestBody }) =>
      method === 'PUT' &&
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.Authorization\//i.test(
        new URL(url).pathname
      ) &&
      requestBody !== undefined
  )
  return at(grant?.requestBody, 'properties.principalId')
}
