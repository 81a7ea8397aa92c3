import { STATUS_CODES } from 'node:http'
import { ArmError } from './armError.ts'
import { parseId } from './ids.ts'
import type { Reply } from './kernel.ts'

/** Puts an error into the envelope its service uses (contract 2.2). */
export function errorReply(error: ArmError): Reply {
  const { flat, target, headers } = error.options
  const body = flat
    ? {
        code: error.code,
        httpStatusCode: (STATUS_CODES[error.status] ?? '').replaceAll(' ', ''),
        message: error.message,
        details: null
      }
    : { error: { code: error.code, message: error.message, ...(target && { target }) } }
  return { status: error.status, body, headers: { 'x-ms-failure-cause': 'gateway', ...headers } }
}

/** 404 in the words ARM has for a resource, and for a group, that is not there. */
export function notFound(id: string): ArmError {
  const { group, provider, type, name } = parseId(id)
  return provider === undefined
    ? new ArmError(404, 'ResourceGroupNotFound', `Resource group '${group}' could not be found.`)
    : new ArmError(
        404,
        'ResourceNotFound',
        `The Resource '${provider}/${type}/${name}' under resource group '${group}' was not found. ` +
          'For more details please go to https://aka.ms/ARMResourceNotFoundFix'
      )
}

/**
 * 409 while another operation on the resource goes on. [INF] the code was seen by [E2E] for a namespace (2.5); other services
 * word it differently.
 */
export function inProgress(id: string, options: { readonly flat?: boolean } = {}): ArmError {
  return new ArmError(
    409,
    'ResourceProvisioningInProgress',
    `Another operation on resource '${id}' is in progress. Retry once it has ended.`,
    options
  )
}

/** 404 for a type that its provider does not have, in that api-version or at all (contract B, 1.3). */
export function invalidType(
  { pathname, searchParams }: URL,
  versions: readonly string[] = []
): ArmError {
  const { provider, type } = parseId(pathname)
  return new ArmError(
    404,
    'InvalidResourceType',
    `The resource type '${type}' could not be found in the namespace '${provider}' for api version ` +
      `'${searchParams.get('api-version')}'. The supported api-versions are '${versions.join(',')}'.`
  )
}

/** 404 when the parent of a child resource is missing (contract 7.2). */
export function parentNotFound(id: string): ArmError {
  const { provider, type, name } = parseId(id)
  return new ArmError(
    404,
    'ParentResourceNotFound',
    `Failed to perform the operation on nested resource '${provider}/${type}/${name}': ` +
      'the parent resource was not found.'
  )
}
