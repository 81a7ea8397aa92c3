import { NAME_RULES } from '../nameRules.ts'
import { boolean, choice, integer, location, type Parse, resourceName } from '../parsers.ts'
import { leafValidityDays } from '../policies.ts'
import { HUB_TIERS } from '../settings.ts'
import { nameOrId } from '../targets.ts'
import { json, list, object, scalar, texts } from './fields.ts'

/** A short word that tells the hubs, or enrollment groups, of one environment apart in their derived names. */
const key: Parse<string> = (text, complain) => {
  if (/^[a-z0-9]{1,10}$/.test(text)) return text
  complain(text, 'must be 1 to 10 lower-case letters and digits')
  return undefined
}
const keyed = { type: 'string', pattern: '^[a-z0-9]{1,10}$' }
const text = { type: 'string' }
const named = (kind: keyof typeof NAME_RULES) => ({
  type: 'string',
  minLength: NAME_RULES[kind].least,
  maxLength: NAME_RULES[kind].most
})
const whole = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum })

/** Azure weighs hubs of a `hashed` allocation by it. */
const weight = integer(0, 1000)
/** The most that Azure gives S1 and S2 without a request; S3 has ten, which Azure says itself. */
const units = integer(1, 200)
const ALLOCATION_POLICIES = ['hashed', 'geoLatency', 'static'] as const

const hub = object(
  {
    key: scalar(
      key,
      'Distinguishes this hub from the others; its name derives from the key and the environment.',
      keyed
    ),
    name: scalar(nameOrId('hub'), 'Name or full resource id, in place of the derived name.', text),
    location: scalar(location, 'Azure region of this hub. Default is hub-location.', text),
    'allocation-weight': scalar(
      weight,
      'Share of the devices that a hashed allocation gives this hub.',
      whole(0, 1000)
    ),
    sku: scalar(choice(...HUB_TIERS), 'Tier of the hub. Default is S1.', {
      enum: [...HUB_TIERS]
    }),
    capacity: scalar(units, 'Units of the tier. Default is 1.', whole(1, 200))
  },
  'One IoT hub of the environment.'
)

const policy = object(
  {
    name: scalar(resourceName('policy'), 'Name of the policy.', named('policy')),
    'leaf-validity-days': scalar(
      leafValidityDays,
      'Days that a device certificate lives. Default is 30.',
      whole(1, 90)
    )
  },
  'One issuing CA.',
  ['name']
)

const enrollmentGroup = object(
  {
    key: scalar(
      key,
      'Distinguishes this group from the others; its name derives from the key and the environment.',
      keyed
    ),
    name: scalar(
      resourceName('enrollment-group'),
      'Name of the group, in place of the derived name.',
      named('enrollment-group')
    ),
    policy: scalar(
      resourceName('policy'),
      'Policy that issues its device certificates. Default is the input policy, else the first.',
      named('policy')
    ),
    hubs: list(
      scalar(key, 'Key of a hub.', keyed),
      'Keys of the hubs that its devices may get. Default is all.'
    ),
    'allocation-policy': scalar(
      choice(...ALLOCATION_POLICIES),
      'How a device gets one of the hubs.',
      { enum: [...ALLOCATION_POLICIES] }
    ),
    'initial-twin': json('Twin that a device begins with: tags, and properties.desired.'),
    'iot-edge': scalar(boolean, 'Whether its devices are IoT Edge devices.', { type: 'boolean' })
  },
  'One symmetric-key enrollment group.'
)

const grants = object(
  {
    'issue-certificates': scalar(
      boolean,
      'Whether the DPS gets Azure Device Registry Contributor on the namespace. Default is true.',
      { type: 'boolean' }
    ),
    'register-devices': scalar(
      boolean,
      'Whether the DPS gets IoT Hub Data Contributor on the hubs. Default is true.',
      { type: 'boolean' }
    )
  },
  'Grants of service version 2026-11-01 that not every source of Microsoft asks for.'
)

/** Everything that a config file may say. */
export const CONFIG = object(
  {
    location: scalar(location, 'Azure region, as the input location.', text),
    'hub-location': scalar(
      location,
      'Azure region of hubs that name none, as the input hub-location.',
      text
    ),
    'resource-group': scalar(
      resourceName('resource-group'),
      'As the input resource-group.',
      named('resource-group')
    ),
    identity: scalar(nameOrId('identity'), 'As the input identity.', text),
    namespace: scalar(nameOrId('namespace'), 'As the input namespace.', text),
    dps: scalar(nameOrId('dps'), 'As the input dps.', text),
    tags: texts('As the input tags; tags of the input are added, and take precedence.'),
    hubs: list(hub, 'Hubs of the environment.'),
    policies: list(
      policy,
      'Certificate policies of the environment; Azure may refuse a second one.'
    ),
    'enrollment-groups': list(enrollmentGroup, 'Enrollment groups of the environment.'),
    grants,
    'destroy-devices': scalar(
      boolean,
      'Whether a destroy also removes the registry devices of the namespace. Default is false: while there are any, the namespace stays.',
      { type: 'boolean' }
    )
  },
  'An environment of provision-azure-iot, as the input config takes it. Inputs take precedence.'
)

type Shape = NonNullable<ReturnType<typeof CONFIG.read>>
/** What a config file said. */
export type Config = Omit<Shape, 'node'>
export type GrantEntry = NonNullable<Config['grants']>
export type HubEntry = NonNullable<Config['hubs']>[number]
export type EnrollmentGroupEntry = NonNullable<Config['enrollment-groups']>[number]
