import { at } from '../facts.ts'
import { shownNamespace } from '../shown/namespace.ts'
import { type Body, byText, fieldsOf, type Viewer } from '../shown/viewer.ts'
import { sent } from '../stage.ts'
import { VERSION } from './versions.ts'

/** Namespace, certificate authorities and their policies, which core `az` only knows as resources. */
export function shownRegistry(view: Viewer) {
  const { run, of, resource, rest, fields, tags, agree } = view
  return {
    async namespace() {
      const theirs = await shownNamespace(view, VERSION)
      const devices = await rest(`${of('namespace-id')}/registryDevices`, VERSION)
      agree('rest, registry devices', [], devices.value)
      return theirs as Body
    },

    /** @param names of all of them */
    async authorities(names: readonly string[]) {
      const { value } = await rest(`${of('namespace-id')}/certificateAuthorities`, VERSION)
      agree(
        'rest, certificate authorities | names',
        [...names].sort(byText),
        (value as readonly { name: string }[]).map(({ name }) => name).sort(byText)
      )
    },

    /** @returns the subject of its certificate */
    async authority(name: string) {
      const body = sent(run, `/certificateAuthorities/${name}`)
      const theirs = await resource(`${of('namespace-id')}/certificateAuthorities/${name}`, VERSION)
      const what = `resource show, certificate authority ${name}`
      const places = [
        'location',
        'properties.certificateAuthorityType',
        'properties.keyType',
        'properties.issuer.issuerType',
        'properties.issuer.certificateAuthorityResourceId'
      ]
      fields(what, fieldsOf(body, places), theirs)
      fields(what, { name, 'properties.provisioningState': 'Succeeded' }, theirs)
      tags(what, body, theirs)
      return at(theirs, 'properties.subject')
    },

    /** The policy of an authority, each of which has one. @param id of it */
    async policy(id: string) {
      const body = sent(run, id.slice(id.indexOf('/certificateAuthorities/')))
      const theirs = await resource(id, VERSION)
      const what = `resource show, certificate policy ${id.split('/').at(-1)}`
      const days = 'properties.certificate.validityPeriodInDays'
      const ours = { id, [days]: at(body, days), 'properties.provisioningState': 'Succeeded' }
      fields(what, ours, theirs)
    }
  }
}
