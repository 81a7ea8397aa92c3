import {
  createHttpHeaders,
  createPipelineRequest,
  type PipelineResponse,
  RestError
} from '@azure/core-rest-pipeline'
import { describe, expect, test } from '@jest/globals'
import { NoAnswerError } from '../../../../src/azure/errors/azureError.ts'
import {
  lookBefore,
  needBody,
  noAnswerPolicy,
  retryPolicy,
  sendOnce
} from '../../../../src/azure/http/retry.ts'
import { clockAt } from '../../resources/sample.ts'

const JSON_TYPE = { 'content-type': 'application/json' }

interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
const BUSY = { error: { code: 'OperationInProgress', message: 'wait' } }
const ok: Answer = { status: 200, body: {}, headers: JSON_TYPE }
const coded = (code: string, status?: number) =>
  Object.assign(new RestError('no'), { code, ...(status !== undefined && { statusCode: status }) })

interface Options {
  readonly once?: boolean
  readonly told?: boolean
  readonly signal?: AbortSignal
  readonly random?: number
}

/** Sends one request that is answered so in turn, the last answer for ever. */
async function send(
  answers: readonly (Answer | Error)[],
  { once, told, signal, random = 0 }: Options = {}
) {
  const request = createPipelineRequest({ url: 'https://x.example/a?sig=secret', method: 'PUT' })
  if (signal) request.abortSignal = signal
  if (once) sendOnce(request)
  if (told) needBody(request)
  let [sent, looks] = [0, 0]
  lookBefore(request, async () => {
    looks += 1
  })
  const time = clockAt()
  const notices: string[] = []
  const notify = (text: string) => void notices.push(text)
  const next = async (): Promise<PipelineResponse> => {
    const answer = answers[Math.min(sent++, answers.length - 1)] ?? ok
    if (answer instanceof Error) throw answer
    const { status, body, headers = {} } = answer
    const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body)
    return {
      request,
      status,
      headers: createHttpHeaders(headers),
      ...(body !== undefined && { bodyAsText })
    }
  }
  const ended = retryPolicy({ time, notify, random: () => random }).sendRequest(request, next)
  const result = await ended.then(
    (response) => response.status,
    (error: Error) => error.message
  )
  return { result, sent, looks, slept: time.slept, notices }
}

const PAGE: Answer = { status: 200, body: '<html>', headers: { 'content-type': 'text/html' } }
const HALF: Answer = { status: 400, body: '{"error":', headers: JSON_TYPE }
const ENTRA = {
  status: 400,
  body: { error: 'temporarily_unavailable', error_codes: [1] },
  headers: JSON_TYPE
}
const unread = (status: number) =>
  Object.assign(new RestError('half', { code: RestError.PARSE_ERROR }), {
    response: {
      status,
      headers: createHttpHeaders(),
      request: createPipelineRequest({ url: 'https://x.example' }),
      bodyAsText: '{}'
    }
  })
const thrown = (status: number) =>
  Object.assign(new RestError('refused', { code: 'Refused' }), {
    response: {
      status,
      headers: createHttpHeaders(),
      request: createPipelineRequest({ url: 'https://x.example' }),
      bodyAsText: '{}'
    }
  })

describe('a request', () => {
  test.each<[string, Answer | Error, Options, boolean]>([
    ['that succeeds is not sent again', ok, {}, false],
    ['that is throttled is', { status: 429 }, {}, true],
    ['that is throttled is not, where it may be sent once', { status: 429 }, { once: true }, false],
    [
      'that is throttled with half of a reason is not, where it may be sent once',
      { ...HALF, status: 429 },
      { once: true },
      false
    ],
    ['that fails for a moment is', { status: 503 }, {}, true],
    [
      'that fails for a moment is not, where it may be sent once',
      { status: 503 },
      { once: true },
      false
    ],
    ['that is refused is not', { status: 400, body: {}, headers: JSON_TYPE }, {}, false],
    ['that is refused with half of a reason is', HALF, {}, true],
    [
      'that is refused with half of a reason is, although it may be sent once',
      HALF,
      { once: true },
      true
    ],
    [
      'that fails with half of a reason is not, where it may be sent once',
      { ...HALF, status: 500 },
      { once: true },
      false
    ],
    ['that is refused with a page is not', { ...PAGE, status: 403 }, {}, false],
    ['that is answered by a page is', PAGE, {}, true],
    ['that is answered by a page is not, where it may be sent once', PAGE, { once: true }, false],
    ['that is sent elsewhere by a page is not', { ...PAGE, status: 302 }, {}, false],
    ['that is left to choose by a page is not', { ...PAGE, status: 300 }, {}, false],
    ['whose answer could not be parsed is', unread(200), {}, true],
    ['whose refusal the library throws is not', thrown(404), {}, false],
    ['whose answer has no body is', { status: 200 }, { told: true }, true],
    ['whose answer needs no body is not', { status: 200 }, {}, false],
    ['that is accepted without a body is not', { status: 202 }, { told: true }, false],
    ['whose answer has a body is not', ok, { told: true }, false],
    ['that Entra is too busy for is', ENTRA, {}, true],
    ['that meets another operation is', { status: 409, body: BUSY, headers: JSON_TYPE }, {}, true],
    [
      'that meets another operation is not, where it may be sent once',
      { status: 409, body: BUSY, headers: JSON_TYPE },
      { once: true },
      false
    ],
    [
      'that meets a conflict is not',
      { status: 409, body: { error: { code: 'Conflict' } }, headers: JSON_TYPE },
      {},
      false
    ],
    [
      'that speaks of an operation otherwise is not',
      { status: 400, body: BUSY, headers: JSON_TYPE },
      {},
      false
    ],
    ['that is not answered is', coded('ECONNRESET'), {}, true],
    [
      'that is not answered is not, where it may be sent once',
      coded('ECONNRESET'),
      { once: true },
      false
    ],
    ['that fails here is not', new Error('broken'), {}, false],
    ['that fails here with a code is not', coded('EACCES'), {}, false]
  ])('%s', async (_what, answer, options, again) => {
    const { sent, looks, notices } = await send([answer, ok], options)
    expect(sent).toBe(again ? 2 : 1)
    expect(looks).toBe(sent)
    expect(notices).toHaveLength(sent - 1)
  })

  test.each<[string, readonly (Answer | Error)[], Options, number, number | string]>([
    ['ten times', [{ status: 503 }], {}, 10, 503],
    ['twenty times when it is throttled', [{ status: 429 }], {}, 20, 429],
    [
      'once when the wait is too long',
      [{ status: 429, headers: { 'retry-after': '901' } }],
      {},
      1,
      429
    ],
    [
      'again for the longest wait',
      [{ status: 429, headers: { 'retry-after': '900' } }, ok],
      {},
      2,
      200
    ],
    ['once when the run is over', [{ status: 503 }], { signal: AbortSignal.abort() }, 1, 503],
    [
      'ten times without an answer, and then told so',
      [coded('ECONNRESET')],
      {},
      10,
      'No answer to PUT https://x.example/a'
    ],
    ['once when the library gave up', [coded('SOMETHING')], {}, 1, 'No answer to PUT'],
    ['once when it fails here', [new Error('broken')], {}, 1, 'broken'],
    ['once when the library throws a refusal', [thrown(404)], {}, 1, 'refused']
  ])('is sent %s', async (_what, answers, options, times, result) => {
    const seen = await send(answers, options)
    expect(seen.sent).toBe(times)
    if (typeof result === 'string') expect(seen.result).toContain(result)
    else expect(seen.result).toBe(result)
  })

  test('waits as long as it is asked to, and then a random time that doubles', async () => {
    const headers = { 'retry-after': '7' }
    const answers = [{ status: 503, headers }, { status: 503 }, { status: 503 }, ok]
    const { slept, notices } = await send(answers, { random: 0.5 })
    expect(slept).toEqual([8_000, 2_000, 4_000])
    expect(notices[0]).toBe('PUT https://x.example/a: HTTP 503; attempt 2 of 10 in 8 s')
    const { slept: long } = await send([{ status: 503 }], { random: 1 })
    expect(Math.max(...long)).toBe(60_000)
  })
})

describe('failures of a pipeline without retries', () => {
  const request = createPipelineRequest({ url: 'https://x.example/a' })
  test.each<[string, Error, boolean]>([
    ['a broken connection is told as none', coded('ECONNRESET'), true],
    ['a library that gave up is told as none', new RestError('no'), true],
    ['a refusal stays as it is', thrown(404), false],
    ['anything else stays as it is', new Error('broken'), false]
  ])('%s', async (_what, error, unanswered) => {
    const sent = noAnswerPolicy.sendRequest(request, () => Promise.reject(error))
    const caught = await sent.catch((one: unknown) => one)
    expect(caught instanceof NoAnswerError).toBe(unanswered)
    if (!unanswered) expect(caught).toBe(error)
  })
})
