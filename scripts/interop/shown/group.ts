import { sent } from '../stage.ts'
import { byText, type Viewer } from './viewer.ts'

interface Grant {
  readonly roleDefinitionName: string
  readonly principalId: string
  readonly principalType: string
}

/** Roles at one scope, by their names, each with whom it was granted to. */
export type Granted = readonly (readonly [role: string, principal: unknown])[]

/** The group, an identity, and every grant. */
export function shownGroup(view: Viewer) {
  const { az, azure, run, of, inGroup, fields, tags, agree } = view
  return {
    /** @param contents outputs with the ids of what lies in it */
    async group(contents: readonly string[]) {
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
        contents.map((name) => of(name).toLowerCase()).sort(byText),
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

    /** Every grant at each scope, and that there are no others. @param wanted by the output with the scope */
    async grants(wanted: Readonly<Record<string, Granted>>) {
      for (const [scope, granted] of Object.entries(wanted)) {
        const list = (await az.ask(
          'role',
          'assignment',
          'list',
          '--scope',
          of(scope)
        )) as readonly Grant[]
        const what = `role assignment list at the ${scope}`
        agree(`${what} | how many`, granted.length, list.length)
        for (const role of new Set(granted.map(([name]) => name))) {
          const ours = granted.filter(([name]) => name === role).map(([, to]) => String(to))
          const found = list.filter((one) => one.roleDefinitionName === role)
          const theirs = found.map(({ principalId }) => principalId)
          agree(`${what} | ${role} | principal`, ours.sort(byText), theirs.sort(byText))
          agree(
            `${what} | ${role} | type`,
            ['ServicePrincipal'],
            [...new Set(found.map(({ principalType }) => principalType))]
          )
        }
      }
    }
  }
}
