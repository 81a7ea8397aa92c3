import { ArmError } from '../armError.ts'
import type { Identity } from '../config.ts'
import { notFound, parentNotFound } from '../errors.ts'
import { key } from '../ids.ts'
import type { Call, Kernel, Resource, Routes, World } from '../kernel.ts'
import { listed } from '../lists.ts'
import { checkBody } from '../strict.ts'
import { requireGroup } from '../world.ts'
import { HOST } from './addresses.ts'
import { envelope, object, text } from './schemas.ts'

const IDENTITY =
  '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.ManagedIdentity/userAssignedIdentities/:identity'
const CREDENTIALS = `${IDENTITY}/federatedIdentityCredentials`
const ACTION = 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials'
/** Contract 3. */
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9-_]{2,119}$/
/** Microsoft's documentation of workload identity federation. */
const MOST = 20

const schema = object(
  {
    ...envelope,
    properties: object(
      {
        issuer: text,
        subject: text,
        audiences: { type: 'array', items: text, minItems: 1, maxItems: 1 }
      },
      ['issuer', 'subject', 'audiences']
    )
  },
  ['properties']
)

type Trust = Identity['federatedCredentials'][number]

/** Whose tokens an identity trusts, by lower-case name: they live and die with it. */
function credentialsOf(identity: Resource): Map<string, Resource> {
  identity.secret.federatedCredentials ??= new Map<string, Resource>()
  return identity.secret.federatedCredentials as Map<string, Resource>
}

/** The user-assigned identities that somebody has made, as Entra signs them in. */
export function madeIdentities({ resources }: World): readonly Identity[] {
  return [...resources.values()]
    .filter(({ id }) => /\/userassignedidentities\/[^/]+$/i.test(id))
    .map((identity) => {
      const { clientId, principalId } = identity.body.properties as Record<string, string>
      return {
        clientId: clientId ?? '',
        objectId: principalId ?? '',
        grants: [],
        federatedCredentials: [...credentialsOf(identity).values()].map(
          ({ body }) => body.properties as Trust
        )
      }
    })
}

/** Federated credentials of user-assigned identities: synchronous, without an etag (contract 2.3 and 2.4). */
export function registerFederatedCredentials(routes: Routes, kernel: Kernel): void {
  const { world, rbac } = kernel
  const identityId = ({ params }: Call) =>
    `/subscriptions/${params.subscription}/resourceGroups/${params.group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${params.identity}`
  const idOf = (call: Call) =>
    `${identityId(call)}/federatedIdentityCredentials/${call.params.name}`
  const identityOf = (call: Call, right: 'read' | 'write' | 'delete'): Resource => {
    const id = identityId(call)
    rbac.require(call.caller, `${ACTION}/${right}`, id)
    requireGroup(world, id, right !== 'read')
    const identity = world.resources.get(key(id))
    if (!identity) throw parentNotFound(`${id}/federatedIdentityCredentials/x`)
    return identity
  }

  routes.on(HOST, 'GET', CREDENTIALS, (call) =>
    listed(kernel, call, [...credentialsOf(identityOf(call, 'read')).values()])
  )

  routes.on(HOST, 'GET', `${CREDENTIALS}/:name`, (call) => {
    const found = credentialsOf(identityOf(call, 'read')).get(key(call.params.name ?? ''))
    if (!found) throw notFound(idOf(call))
    return { status: 200, body: found.body }
  })

  routes.on(HOST, 'PUT', `${CREDENTIALS}/:name`, (call) => {
    const credentials = credentialsOf(identityOf(call, 'write'))
    const name = call.params.name ?? ''
    const stored = credentials.get(key(name))
    checkBody(schema, call.body, { stored: stored?.body })
    const { issuer, subject, audiences } = (call.body as { properties: Trust }).properties
    if (!NAME.test(name))
      throw new ArmError(400, 'InvalidResourceName', `The name '${name}' is not valid.`)
    const others = [...credentials.values()].filter((one) => one !== stored)
    if (others.length >= MOST)
      throw new ArmError(400, 'BadRequest', `An identity has at most ${MOST} of them.`)
    const same = ({ body }: Resource) => {
      const trust = body.properties as Trust
      return trust.issuer === issuer && trust.subject === subject
    }
    if (others.some(same)) {
      throw new ArmError(
        409,
        'Conflict', // [INF] the code
        `A federated credential with issuer '${issuer}' and subject '${subject}' already exists.`
      )
    }
    const body = {
      id: stored?.id ?? idOf(call),
      name,
      type: ACTION,
      properties: { issuer, subject, audiences }
    }
    credentials.set(key(name), { id: body.id, body, secret: {} })
    return { status: stored ? 200 : 201, body }
  })

  routes.on(HOST, 'DELETE', `${CREDENTIALS}/:name`, (call) => {
    const gone = credentialsOf(identityOf(call, 'delete')).delete(key(call.params.name ?? ''))
    return { status: gone ? 200 : 204 }
  })
}
