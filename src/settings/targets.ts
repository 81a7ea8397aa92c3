import { brokenNameRule, type Kind } from './nameRules.ts'
import type { Parse } from './parsers.ts'
import type { Report } from './problems.ts'
import { formatResourceId, parseResourceId } from './resourceId.ts'
import type { Target } from './settings.ts'

/** Resources that the user may name or point at, wherever in the subscription they are. */
export const TARGET_TYPES = {
  identity: 'Microsoft.ManagedIdentity/userAssignedIdentities',
  namespace: 'Microsoft.DeviceRegistry/namespaces',
  hub: 'Microsoft.Devices/IotHubs',
  dps: 'Microsoft.Devices/provisioningServices'
} as const satisfies Partial<Record<Kind, string>>

export type TargetKind = keyof typeof TARGET_TYPES

/** What an input said: a name, and when it was a full id where the resource is. */
export interface Pointer {
  readonly name: string
  readonly place?: { readonly subscriptionId: string; readonly resourceGroup: string }
}

export function nameOrId(kind: TargetKind): Parse<Pointer> {
  return (text, complain) => {
    if (!text.includes('/')) {
      const rule = brokenNameRule(kind, text)
      if (rule === undefined) return { name: text }
      complain(text, rule)
      return undefined
    }
    const type = TARGET_TYPES[kind]
    const id = parseResourceId(text)
    if (id?.resourceGroup === undefined || id.type.toLowerCase() !== type.toLowerCase()) {
      const form = formatResourceId({
        subscriptionId: 'ID',
        resourceGroup: 'GROUP',
        type,
        names: ['NAME']
      })
      complain(text, `must be a name or ${form}`)
      return undefined
    }
    const { subscriptionId, resourceGroup } = id
    const [name] = id.names
    const rule = brokenNameRule(kind, name) ?? brokenNameRule('resource-group', resourceGroup)
    if (rule === undefined) return { name, place: { subscriptionId, resourceGroup } }
    complain(text, `its names break a rule: ${rule}`)
    return undefined
  }
}

/** Where things are when the inputs do not say. */
export interface Home {
  readonly subscriptionId: string
  readonly resourceGroup: string
}

/** The id is formatted anew: an id as pasted may have any case in its fixed parts. */
export function locate(
  kind: TargetKind,
  pointer: Pointer | undefined,
  derivedName: string,
  home: Home,
  report: Report
): Target {
  const name = pointer?.name ?? derivedName
  const place = pointer?.place ?? home
  const { subscriptionId } = home
  const elsewhere = place.subscriptionId.toLowerCase() !== subscriptionId
  if (elsewhere && subscriptionId !== '') {
    report(
      kind,
      place.subscriptionId,
      `must be in the subscription of subscription-id, ${subscriptionId}`
    )
  }
  const { resourceGroup } = place
  const type = TARGET_TYPES[kind]
  return {
    id: formatResourceId({ subscriptionId, resourceGroup, type, names: [name] }),
    name,
    resourceGroup,
    given: pointer !== undefined,
    ...(pointer?.place && { byId: true })
  }
}
