import { at } from '../facts.ts'
import { shownNamespace } from '../shown/namespace.ts'
import { fieldsOf, type Viewer } from '../shown/viewer.ts'
import { sent } from '../stage.ts'
import { REGISTRY } from './versions.ts'

/** Namespace, credential and policies, which core `az` only knows as resources. */
export function shownRegistry(view: Viewer) {
  const { run, of, resource, rest, fields, tags, agree } = view
  return {
    async namespace() {
      await shownNamespace(view, REGISTRY)
      const list = await rest(
        `${of('resource-group-id')}/providers/Microsoft.DeviceRegistry/namespaces`,
        REGISTRY
      )
      agree(
        `rest, namespaces | ids`,
        [of('namespace-id')],
        list.value.map(({ id }: { id: string }) => id)
      )
    },

    async credential() {
      const body = sent(run, '/credentials/default')
      const theirs = await resource(of('credential-id'), REGISTRY)
      const ours = {
        id: of('credential-id'),
        name: 'default',
        location: body.location,
        'properties.provisioningState': 'Succeeded'
      }
      fields('resource show, credential', ours, theirs)
      tags('resource show, credential', body, theirs)
    },

    async policy(name: string) {
      const body = sent(run, `/policies/${name}`)
      const theirs = await resource(`${of('credential-id')}/policies/${name}`, REGISTRY)
      const certificate = 'properties.certificate'
      const places = [
        'location',
        `${certificate}.certificateAuthorityConfiguration.keyType`,
        `${certificate}.leafCertificateConfiguration.validityPeriodInDays`
      ]
      const what = `resource show, policy ${name}`
      fields(what, fieldsOf(body, places), theirs)
      fields(what, { id: `${of('credential-id')}/policies/${name}`, name }, theirs)
      tags(what, body, theirs)
      return at(theirs, `${certificate}.certificateAuthorityConfiguration.subject`)
    }
  }
}
