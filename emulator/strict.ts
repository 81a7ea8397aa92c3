import { isDeepStrictEqual } from 'node:util'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import formats from 'ajv-formats'
import { ArmError } from './armError.ts'

type Node = Record<string, unknown>

/**
 * Azure refuses what it does not know, but a JSON schema accepts it unless told otherwise.
 * So every object schema with properties is closed here, once, instead of in each provider.
 */
function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close)
  if (typeof schema !== 'object' || schema === null) return schema
  const closed: Node = {}
  for (const [key, value] of Object.entries(schema)) {
    closed[key] =
      key === 'properties' || key === 'definitions' || key === '$defs'
        ? Object.fromEntries(Object.entries(value as Node).map(([name, sub]) => [name, close(sub)]))
        : key === 'enum' || key === 'const' || key === 'default'
          ? value
          : close(value)
  }
  if ('properties' in closed && !('additionalProperties' in closed)) {
    closed.additionalProperties = false
  }
  return closed
}

function at(body: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, key) => (value as Node | undefined)?.[key], body)
}

const ajv = new Ajv({ allErrors: true, strict: false, passContext: true })
formats.default(ajv)
// A client may send back what it read, but it may not choose what only the service sets.
ajv.removeKeyword('readOnly')
ajv.addKeyword({
  keyword: 'readOnly',
  errors: false,
  validate(
    this: { stored?: unknown } | undefined,
    readOnly: boolean,
    data: unknown,
    _parent: unknown,
    where?: { readonly instancePath: string }
  ) {
    if (!readOnly || data === null) return true
    return isDeepStrictEqual(data, at(this?.stored, where?.instancePath ?? ''))
  }
})

const compiled = new WeakMap<object, ValidateFunction>()

function validator(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known) return known
  const made = ajv.compile(close(schema) as object)
  compiled.set(schema, made)
  return made
}

function words(error: ErrorObject): string {
  const path = error.instancePath.slice(1).replaceAll('/', '.')
  if (error.keyword === 'additionalProperties') {
    const member = String(error.params.additionalProperty)
    return `Could not find member '${member}' on object. Path '${[path, member].filter(Boolean).join('.')}'.`
  }
  if (error.keyword === 'readOnly') return `Property '${path}' is read-only.`
  return `Path '${path}': ${error.message ?? error.keyword}.`
}

/** All the ways in which a value breaks a schema, in words; none when it keeps it. */
export function problems(schema: object, body: unknown, stored?: unknown): string[] {
  const validate = validator(schema)
  return validate.call({ stored }, body) ? [] : (validate.errors ?? []).map(words)
}

export interface BodyCheck {
  /** Answer in the envelope of Microsoft.Devices. */
  readonly flat?: boolean
  /** The resource as GET shows it: `readOnly` properties may be sent back with these values. */
  readonly stored?: unknown
}

/**
 * Throws 400 InvalidRequestContent unless the body keeps the schema.
 * Objects with `properties` take no others (allow more with `additionalProperties`), and
 * `readOnly: true` refuses a property that differs from the stored one.
 */
export function checkBody(schema: object, body: unknown, options: BodyCheck = {}): void {
  const found = problems(schema, body ?? {}, options.stored)
  if (found.length === 0) return
  throw new ArmError(
    400,
    'InvalidRequestContent',
    `The request content was invalid and could not be deserialized: '${found.join(' ')}'`,
    { flat: options.flat ?? false }
  )
}
