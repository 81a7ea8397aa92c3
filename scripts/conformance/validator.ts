import { createRequire } from 'node:module'
import { EXCEPTIONS } from './exceptions.ts'
import type { Exchange } from './exchange.ts'
import { ANY_PROVIDER, type Specs } from './specs.ts'
import { checkUnspecified } from './unspecified.ts'

/** What the check says of one exchange. */
export interface Verdict {
  /** The specified operation, or the name of a listed one without specification. */
  readonly operation: string
  readonly specified: boolean
  readonly findings: readonly string[]
  /** Names of the exceptions that were made. */
  readonly exceptions: readonly string[]
}

interface Side {
  readonly operationInfo?: { readonly operationId: string }
  readonly errors: readonly {
    readonly code: string
    readonly message: string
    readonly pathsInPayload: readonly string[]
  }[]
  readonly runtimeException?: { readonly message: string }
}

interface Oav {
  initialize(): Promise<void>
  validateLiveRequestResponse(pair: object): Promise<{
    readonly requestValidationResult: Side
    readonly responseValidationResult: Side
  }>
}

// oav's own type declarations do not compile, so only what is used of it is described here.
const { LiveValidator } = createRequire(import.meta.url)('oav') as {
  LiveValidator: new (options: object, log: () => void) => Oav
}

export class Validator {
  readonly #oav: Oav

  private constructor(oav: Oav) {
    this.#oav = oav
  }

  static async load(specs: Specs): Promise<Validator> {
    const options = {
      directory: specs.folder,
      swaggerPaths: specs.files,
      git: { shouldClone: false },
      isArmCall: true
    }
    // oav tells its own story on the console; only ours is wanted.
    const oav = new LiveValidator(options, () => {})
    await oav.initialize()
    return new Validator(oav)
  }

  async check(exchange: Exchange): Promise<Verdict> {
    const own = checkUnspecified(exchange)
    if (own)
      return { operation: own.name, specified: false, findings: own.findings, exceptions: [] }
    const { requestValidationResult: request, responseValidationResult: response } =
      await this.#oav.validateLiveRequestResponse(pairOf(exchange))
    const operation = request.operationInfo?.operationId ?? 'unknown'
    const findings: string[] = []
    const exceptions: string[] = []
    const sides = [
      // A request that Azure refused is the fault of whoever sent it on purpose; only its answer counts.
      ...(exchange.status < 400 ? [['request', request] as const] : []),
      ['response', response] as const
    ]
    for (const [side, { errors, runtimeException }] of sides) {
      if (runtimeException)
        findings.push(`${side}: no specified operation: ${runtimeException.message}`)
      for (const { code, message, pathsInPayload } of errors) {
        const exception = EXCEPTIONS.find((one) =>
          one.applies(exchange, code, message, pathsInPayload)
        )
        if (exception) exceptions.push(exception.name)
        else findings.push(`${side}: ${code} ${message} at ${pathsInPayload.join(', ') || '/'}`)
      }
    }
    return { operation, specified: true, findings, exceptions }
  }
}

function pairOf(exchange: Exchange): object {
  const url = new URL(exchange.url, `https://${exchange.host}`)
  const path = url.pathname.replace(ANY_PROVIDER.pattern, `/${ANY_PROVIDER.segment}/$1$2`)
  return {
    liveRequest: {
      url: `https://${exchange.host}${path}${url.search}`,
      method: exchange.method,
      headers: exchange.requestHeaders,
      query: Object.fromEntries(url.searchParams),
      ...(exchange.requestBody !== undefined && { body: exchange.requestBody })
    },
    liveResponse: {
      statusCode: String(exchange.status),
      headers: exchange.responseHeaders,
      ...(exchange.responseBody !== undefined && { body: exchange.responseBody })
    }
  }
}
