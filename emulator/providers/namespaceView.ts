import type { Kernel, Resource } from '../kernel.ts'
import {
  type Endpoints,
  endpointsOf,
  isLink,
  SECTIONS
} from './certificateAuthorities/endpoints.ts'
import { systemPrincipal } from './certificateAuthorities/principals.ts'
import type { Generation } from './generation.ts'

type Json = Record<string, unknown>

/** A namespace as a version shows it: links are there in 2026-11-01 alone (contract B, 11). */
export function namespaceView(
  kernel: Kernel,
  namespace: Resource,
  generation: Generation | undefined
): Json {
  const { identity, properties, ...rest } = namespace.body
  const { uuid, provisioningState, ...sections } = properties as Json
  const principalId = systemPrincipal(namespace, generation ?? 'A')
  const shown =
    generation === 'B'
      ? { ...sections, ...projected(kernel, namespace) }
      : { messaging: { endpoints: others(endpointsOf(properties, 'messaging')) } }
  return {
    ...rest,
    ...(identity !== undefined && {
      identity: { ...(identity as Json), ...(principalId !== undefined && { principalId }) }
    }),
    properties: { ...shown, uuid, provisioningState }
  }
}

/** Endpoints that are no links: those that other versions know as well. */
function others(endpoints: Endpoints): Endpoints {
  return Object.fromEntries(Object.entries(endpoints).filter(([, endpoint]) => !isLink(endpoint)))
}

/** The sections without the endpoints that do not show yet (contract B, 3.5). */
function projected({ clock }: Kernel, { body, secret }: Resource): Json {
  const shownFrom = (secret.endpointsShownFrom ?? {}) as Readonly<Record<string, number>>
  return Object.fromEntries(
    SECTIONS.filter((section) => section in (body.properties as Json)).map((section) => [
      section,
      {
        endpoints: Object.fromEntries(
          Object.entries(endpointsOf(body.properties, section)).filter(
            ([name]) => (shownFrom[name] ?? 0) <= clock.now()
          )
        )
      }
    ])
  )
}
