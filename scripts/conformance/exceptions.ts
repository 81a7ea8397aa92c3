import type { Exchange } from './exchange.ts'

/** A finding that is no fault of ours, by name, with the reason. */
export interface Exception {
  readonly name: string
  readonly reason: string
  readonly applies: (
    exchange: Exchange,
    code: string,
    message: string,
    paths: readonly string[]
  ) => boolean
}

/** Where the service is known to differ from its specification, or oav from the service. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    name: 'gateway error envelope',
    reason:
      'Errors that Azure Resource Manager makes before it reaches Microsoft.Devices have its own envelope, while the specification of the provider only knows the flat one (contract 2.2).',
    applies: (exchange, code, message) =>
      exchange.status >= 400 &&
      code === 'OBJECT_ADDITIONAL_PROPERTIES' &&
      message.endsWith(': error')
  },
  {
    name: 'error code as text',
    reason: 'The DPS specification declares an integer where a text has been seen (contract 2.2).',
    applies: (exchange, code, message) =>
      exchange.status >= 400 &&
      code === 'INVALID_TYPE' &&
      /provisioningServices/i.test(exchange.url) &&
      message.includes('integer')
  },
  {
    name: 'live words of a provisioning state',
    reason:
      'Azure Device Registry is seen in states that its specification does not list (contract B, 3.1).',
    applies: (exchange, code, message) =>
      code === 'ENUM_MISMATCH' &&
      /Microsoft\.DeviceRegistry/i.test(exchange.url) &&
      /No enum match for: (Creating|Updating|InProgress|Running|Cancelled)$/.test(message)
  },
  {
    name: 'location of a certificate policy',
    reason:
      'The model had one until it was published, and a service may still ask for it (contract B, 6.5).',
    applies: (exchange, code, message) =>
      code === 'OBJECT_ADDITIONAL_PROPERTIES' &&
      message.endsWith(': location') &&
      /\/certificatePolicies\//i.test(exchange.url)
  },
  {
    name: 'a hub of the tutorial under a newer version',
    reason:
      'A hub is one resource in every version; that a version which does not list its tier shows it all the same is inferred (contract B, 11).',
    applies: (exchange, code, message) =>
      code === 'ENUM_MISMATCH' &&
      /\/IotHubs\b/i.test(exchange.url) &&
      /No enum match for: (GEN2|Generation2)$/.test(message)
  },
  {
    name: 'rights of a DPS key',
    reason:
      'The specification lists single rights and fixed combinations; the service answers any comma-separated list of them (contract 9.4).',
    applies: (exchange, code, message) =>
      code === 'ENUM_MISMATCH' &&
      /provisioningServices\/[^/]+\/(keys\/[^/]+\/)?listkeys/i.test(exchange.url) &&
      /No enum match for: ((ServiceConfig|(Enrollment|RegistrationStatus)(Read|Write)|DeviceConnect)(, )?)+$/.test(
        message
      )
  },
  {
    name: 'values of a twin',
    reason:
      'The specification lets a twin hold objects only; numbers and texts are what twins are for.',
    applies: (_exchange, code, _message, paths) =>
      code === 'INVALID_TYPE' && paths.every((path) => path.includes('/initialTwin/'))
  },
  {
    name: 'PolicyResourceId',
    reason:
      'The live service spells the property of hub certificates with a capital P (contract 8.4).',
    applies: (exchange, code, message) =>
      code === 'OBJECT_ADDITIONAL_PROPERTIES' &&
      message.endsWith(': PolicyResourceId') &&
      /\/certificates/i.test(exchange.url)
  },
  {
    name: 'resourcegroup and subscriptionid',
    reason:
      'Hubs and DPSs tell their group and subscription beside their id, as recorded of the live service; the specifications know neither.',
    applies: (exchange, code, message) =>
      code === 'OBJECT_ADDITIONAL_PROPERTIES' &&
      /: (resourcegroup|subscriptionid)$/.test(message) &&
      /\/(iothubs|provisioningservices)\b/i.test(exchange.url)
  },
  {
    name: 'Azure-AsyncOperation of DPS and hub',
    reason:
      'The DPS specification declares Location only; the live service was seen to send Azure-AsyncOperation (contract 2.3).',
    applies: (exchange, code) =>
      code === 'LRO_RESPONSE_HEADER' && /Microsoft\.Devices/i.test(exchange.url)
  },
  {
    name: 'device registration is no ARM operation',
    reason: 'oav asks for the headers of ARM, which the DPS device data plane does not have.',
    applies: (exchange, code) =>
      code === 'LRO_RESPONSE_HEADER' && exchange.host.startsWith('global.azure-devices')
  }
]
