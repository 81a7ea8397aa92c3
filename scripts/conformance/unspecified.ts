import { Ajv } from 'ajv'
import type { Exchange } from './exchange.ts'

/** An operation without a specification among Microsoft's files, held to a schema of our own. */
interface Unspecified {
  readonly name: string
  readonly method: string
  readonly host: RegExp
  readonly path: RegExp
  readonly request?: object
  /** Schema of a successful answer. */
  readonly response: object
}

const text = { type: 'string', minLength: 1 }
const closed = (properties: object, required = Object.keys(properties)) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false
})
const tags = { type: 'object', additionalProperties: { type: 'string' } }

const OPERATIONS: readonly Unspecified[] = [
  {
    name: 'GitHub OIDC token',
    method: 'GET',
    host: /^pipelines\.actions\.githubusercontent\.com$/,
    path: /./,
    response: { type: 'object', properties: { value: text }, required: ['value'] }
  },
  {
    name: 'Entra token',
    method: 'POST',
    host: /^login\./,
    path: /\/oauth2\/v2\.0\/token$/,
    response: {
      type: 'object',
      properties: {
        access_token: text,
        token_type: { const: 'Bearer' },
        expires_in: { type: 'number' }
      },
      required: ['access_token', 'token_type', 'expires_in']
    }
  },
  {
    name: 'Entra metadata',
    method: 'GET',
    host: /^login\./,
    path: /\/(\.well-known\/openid-configuration|discovery\/instance)/,
    response: { type: 'object' }
  },
  {
    name: 'Graph service principals',
    method: 'GET',
    host: /graph/,
    path: /^\/v1\.0\/servicePrincipals/,
    response: {
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: { type: 'object', properties: { id: text }, required: ['id'] }
        }
      },
      required: ['value']
    }
  },
  {
    name: 'status of a long-running operation',
    method: 'GET',
    host: /^management\./,
    path: /\/((?:async)?operation(Statuses|Results)|provisioningserviceoperationresults|operationresults)\//i,
    response: { type: ['object', 'null'] }
  },
  {
    name: 'tags of any resource, GET',
    method: 'GET',
    host: /^management\./,
    path: /\/providers\/Microsoft\.Resources\/tags\/default$/i,
    response: {
      type: 'object',
      properties: { properties: closed({ tags }) },
      required: ['properties']
    }
  },
  {
    name: 'tags of any resource, PATCH',
    method: 'PATCH',
    host: /^management\./,
    path: /\/providers\/Microsoft\.Resources\/tags\/default$/i,
    request: closed({
      operation: { enum: ['Merge', 'Replace', 'Delete'] },
      properties: closed({ tags })
    }),
    response: {
      type: 'object',
      properties: { properties: closed({ tags }) },
      required: ['properties']
    }
  },
  {
    name: 'resources and groups of the subscription by tag',
    method: 'GET',
    host: /^management\./,
    path: /^\/subscriptions\/[^/]+\/(resources|resourcegroups)$/i,
    response: {
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: { type: 'object', properties: { id: text, name: text, tags }, required: ['id'] }
        }
      },
      required: ['value']
    }
  },
  {
    name: 'GitHub comments of a pull request',
    method: 'GET',
    host: /^api\.github\.com$/,
    path: /\/issues\/\d+\/comments$/,
    response: {
      type: 'array',
      items: { type: 'object', properties: { id: { type: 'integer' }, body: { type: 'string' } } }
    }
  },
  ...['POST', 'PATCH'].map((method) => ({
    name: `GitHub comment, ${method}`,
    method,
    host: /^api\.github\.com$/,
    path: /\/issues\/(\d+\/comments|comments\/\d+)$/,
    request: closed({ body: { type: 'string', minLength: 1, maxLength: 65_536 } }),
    response: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] }
  })),
  {
    name: 'GitHub account of a token',
    method: 'POST',
    host: /^api\.github\.com$/,
    path: /^\/graphql$/,
    request: closed({ query: text }),
    response: { type: 'object', properties: { data: { type: 'object' } } }
  },
  {
    name: 'GitHub branch',
    method: 'GET',
    host: /^api\.github\.com$/,
    path: /^\/(repos\/[^/]+\/[^/]+|repositories\/\d+)\/branches\/.+$/,
    response: { type: 'object' }
  },
  {
    name: 'GitHub repository',
    method: 'GET',
    host: /^api\.github\.com$/,
    path: /^\/repos\/[^/]+\/[^/]+$/,
    response: { type: 'object', properties: { default_branch: text }, required: ['default_branch'] }
  },
  {
    name: 'locks',
    method: 'GET',
    host: /^management\./,
    path: /\/providers\/Microsoft\.Authorization\/locks$/i,
    response: {
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: {
            type: 'object',
            properties: {
              id: text,
              properties: {
                type: 'object',
                properties: { level: { enum: ['CanNotDelete', 'ReadOnly', 'NotSpecified'] } },
                required: ['level']
              }
            },
            required: ['id', 'properties']
          }
        }
      },
      required: ['value']
    }
  },
  {
    name: 'permissions of the caller',
    method: 'GET',
    host: /^management\./,
    path: /\/providers\/Microsoft\.Authorization\/permissions$/i,
    response: {
      type: 'object',
      properties: {
        value: {
          type: 'array',
          items: closed(
            Object.fromEntries(
              ['actions', 'notActions', 'dataActions', 'notDataActions'].map((name) => [
                name,
                { type: 'array', items: text }
              ])
            )
          )
        }
      },
      required: ['value']
    }
  }
]

const ajv = new Ajv({ allowUnionTypes: true })

/** @returns undefined when no such operation is listed, else what is wrong with the exchange */
export function checkUnspecified(
  exchange: Exchange
): { readonly name: string; readonly findings: readonly string[] } | undefined {
  const path = new URL(exchange.url, `https://${exchange.host}`).pathname
  const operation = OPERATIONS.find(
    (one) => one.method === exchange.method && one.host.test(exchange.host) && one.path.test(path)
  )
  if (operation === undefined) return undefined
  const findings: string[] = []
  const check = (schema: object, value: unknown, side: string) => {
    if (!ajv.validate(schema, value)) findings.push(`${side}: ${ajv.errorsText()}`)
  }
  if (operation.request) check(operation.request, exchange.requestBody, 'request')
  if (exchange.status < 400) check(operation.response, exchange.responseBody ?? null, 'response')
  return { name: operation.name, findings }
}
