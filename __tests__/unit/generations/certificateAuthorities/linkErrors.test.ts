import { describe, expect, it } from '@jest/globals'
import { AzureError } from '../../../../src/azure/errors/azureError.ts'
import {
  classOf,
  LinkError,
  refusalIn
} from '../../../../src/generations/certificateAuthorities/linkErrors.ts'
import { DPS, HUB, NAMESPACE, PRINCIPAL } from './sample.ts'

const OTHER = '99999999-9999-9999-9999-999999999999'
const acting = { principalId: PRINCIPAL, target: HUB }

/** In Azure's words (contract B 3.6). */
function denied(objectId: string, action: string, scope: string): string {
  return `The namespace's managed identity is not authorized to link the Hub resource. Grant it access on the resource, then resubmit the request. (Hub resource reported: [AuthorizationFailed] The client '${objectId}' with object id '${objectId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid.)`
}
const LINK = 'Microsoft.Devices/IotHubs/linkInitiate/action'
const INVALID =
  'The Hub resource rejected the link request as invalid. Verify the endpoint configuration, then resubmit the request.'

describe('a link that was refused', () => {
  it.each([
    ['AdrMiNotAuthorized', 'is not authorized to read the linked resource', 'grants'],
    ['AdrMiNotAuthorized', 'could not read the device count on hub', 'grants'],
    ['adrminotauthorized', 'in other letters', 'grants'],
    ['NamespaceMiTokenAcquisitionFailed', '', 'grants'],
    ['OutboundIdentityUnavailable', '', 'grants'],
    ['AuthorizationFailed', '', 'grants'],
    ['LinkInitiateFailed', denied(PRINCIPAL, LINK, HUB), 'grants'],
    ['LinkInitiateFailed', denied(PRINCIPAL.toUpperCase(), LINK, HUB.toLowerCase()), 'grants'],
    [
      'LinkInitiateFailed',
      "The namespace's managed identity is not authorized to link the Hub resource. Grant it access on the resource, then resubmit the request.",
      'grants'
    ],
    ['LinkInitiateFailed', denied(OTHER, LINK, HUB), 'final'],
    ['LinkInitiateFailed', denied(PRINCIPAL, LINK, DPS), 'final'],
    ['LinkInitiateFailed', denied(PRINCIPAL, 'Microsoft.Devices/IotHubs/Read', HUB), 'final'],
    ['LinkInitiateFailed', INVALID, 'invalid'],
    ['LinkInitiateFailed', 'Something else.', 'final'],
    ['LinkableResourceNotReady', "Linked resource provisioning state is 'Creating'", 'target'],
    ['ADRLinkingFailed', '', 'final'],
    ['no code', 'nothing', 'final']
  ] as const)('with %s, "%s" is of the class %s', (code, message, wanted) => {
    expect(classOf({ code, message }, acting)).toBe(wanted)
  })

  it('that names somebody is final while the identity of the namespace is not known', () => {
    const refusal = { code: 'LinkInitiateFailed', message: denied(PRINCIPAL, LINK, HUB) }
    expect(classOf(refusal, { ...acting, principalId: undefined })).toBe('final')
  })
})

describe('an error of the write', () => {
  const error = (status: number, code: string, fromOperation = false) =>
    new AzureError('link', NAMESPACE, { status, code, reason: 'why' }, fromOperation)

  it.each([
    ['of the operation, whatever its code', error(200, 'AsyncOperationFailed', true), true],
    ['LinkInitiateFailed', error(400, 'LinkInitiateFailed'), true],
    ['LinkableResourceNotReady', error(400, 'LinkableResourceNotReady'), true],
    ['AdrMiNotAuthorized', error(400, 'AdrMiNotAuthorized'), true],
    ['NamespaceMiTokenAcquisitionFailed', error(400, 'NamespaceMiTokenAcquisitionFailed'), true],
    ['OutboundIdentityUnavailable', error(400, 'OutboundIdentityUnavailable'), true],
    ['AuthorizationFailed of the namespace', error(400, 'AuthorizationFailed'), true],
    // These are of the deploying identity and of the request, and are said as such.
    ['AuthorizationFailed of the deployer', error(403, 'AuthorizationFailed'), false],
    ['LinkedAuthorizationFailed', error(403, 'LinkedAuthorizationFailed'), false],
    ['LinkedResourceExists', error(409, 'LinkedResourceExists'), false],
    ['InvalidRequestContent', error(400, 'InvalidRequestContent'), false],
    ['a lost answer', new Error('gone'), false]
  ])('%s', (_what, thrown, isRefusal) => {
    const code = thrown instanceof AzureError ? thrown.code : ''
    expect(refusalIn(thrown)).toEqual(isRefusal ? { code, message: 'why' } : undefined)
  })
})

it('the last word names both ends, what Azure said, and where to look', () => {
  const { message } = new LinkError(
    { namespaceId: NAMESPACE, target: HUB },
    { code: 'LinkInitiateFailed', message: INVALID },
    'at attempt 3'
  )
  for (const words of [NAMESPACE, HUB, INVALID, 'at attempt 3', 'role assignment list'])
    expect(message).toContain(words)
})

it('no other code is believed for its words', () => {
  const refusal = { code: 'Other', message: 'rejected the link request as invalid' }
  expect(classOf(refusal, { principalId: undefined, target: '/x' })).toBe('final')
})

it('an error that is none of Azure’s says nothing of a link', () => {
  const error = Object.assign(new Error('x'), { code: 'LinkableResourceNotReady', status: 400 })
  expect(refusalIn(error)).toBeUndefined()
})
