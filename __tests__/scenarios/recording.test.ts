import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Emulator } from '../../emulator/index.ts'
import type { Exchange } from '../../emulator/record.ts'
import type { Recording } from '../../scripts/record/scrub.ts'
import { runAction } from '../../scripts/runner.ts'
import { startFastAzure } from './fastAzure.ts'
import type { Body } from './scenario.ts'

const script = (name: string) => fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** What is recorded of the newer model still names something, and is not kept. */
const TUTORIAL = { environment: 'canary', 'service-version': '2025-11-01-preview' }

const LIFE = [
  { location: 'westeurope' },
  { location: 'westeurope', operation: 'verify' },
  { location: 'westeurope' },
  { operation: 'destroy', confirm: 'canary' }
]

let recording: Recording
/** What the world held while it was recorded, keys and all. */
let secrets: readonly string[]

beforeAll(async () => {
  // With one process more on the way, an answer takes longer than where nothing stands between.
  const azure = await startFastAzure('fast', 60)
  const envFile = join(folder, 'record.env')
  const out = join(folder, 'recording.json')
  const { PATH = '' } = process.env
  const { HTTPS_PROXY = '', NODE_EXTRA_CA_CERTS = '' } = azure.env
  const recorder = spawn(
    process.execPath,
    ['--', script('record.ts'), '--env-file', envFile, '--out', out],
    { env: { PATH, HTTPS_PROXY, NODE_EXTRA_CA_CERTS }, stdio: 'inherit' }
  )
  const ended = new Promise<number | null>((done) => recorder.on('close', done))
  while (!existsSync(envFile)) await setTimeout(50)
  const way = Object.fromEntries(
    readFileSync(envFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(/=(.*)/).slice(0, 2) as [string, string])
  )
  for (const inputs of LIFE) {
    const run = await runAction({
      inputs: { ...TUTORIAL, ...inputs },
      azure: { ...azure.env, ...way }
    })
    expect([run.exitCode, run.log.match(/^::error .*/m)]).toEqual([0, null])
    if (inputs.location) secrets = secretsOf(azure)
  }
  recorder.kill('SIGTERM')
  expect(await ended).toBe(0)
  recording = JSON.parse(readFileSync(out, 'utf8')) as Recording
  await azure.stop()
})

function secretsOf({ world, env }: Emulator): readonly string[] {
  const resources = [...world.resources.values(), ...world.enrollmentGroups.values()]
  const texts = JSON.stringify([resources, [...world.roleAssignments.values()]])
  return [
    ...Object.entries(env).flatMap(([name, value]) => (/_ID$/.test(name) ? [value] : [])),
    ...resources.map(({ id }) => id.split('/').at(-1) ?? '').filter((name) => name !== 'default'),
    ...(texts.match(/"(primaryKey|secondaryKey|idScope|thumbprint)":"([^"]+)"/g) ?? []).map(
      (pair) => pair.split('"')[3] ?? ''
    ),
    'octo-org',
    'eyJ'
  ]
}

/** How a comparison ended, by its command. */
async function compared(changed: Recording): Promise<{ code: number | null; text: string }> {
  const file = join(folder, 'changed.json')
  writeFileSync(file, JSON.stringify(changed))
  const child = spawn(process.execPath, [script('compare.ts'), file])
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
  return new Promise((done) => child.on('close', (code) => done({ code, text })))
}

/** A copy with a change in the first exchange that fits. */
function planted(
  from: Recording,
  method: string,
  path: RegExp,
  status: number,
  change: (
    exchange: { -readonly [K in keyof Exchange]: Exchange[K] } & { responseBody: Body }
  ) => void
): Recording {
  const copy = structuredClone(from)
  const one = copy.exchanges.find(
    (exchange) =>
      exchange.method === method &&
      exchange.status === status &&
      path.test(new URL(exchange.url).pathname)
  )
  if (one === undefined) throw new Error(`no ${method} ${path} ${status}`)
  change(one as typeof one & { responseBody: Body })
  return copy
}

const HUB = /\/IotHubs\/[^/]+$/
const DPS = /\/provisioningServices\/[^/]+$/
const NAMESPACE = /\/namespaces\/[^/]+$/

describe('a recording', () => {
  it('tells no secret, no id and no name', () => {
    const text = readFileSync(join(folder, 'recording.json'), 'utf8')
    expect(secrets.length).toBeGreaterThan(20)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })

  it('of the emulator differs from the emulator in nothing', async () => {
    const { code, text } = await compared(recording)
    expect(text).toMatch(/^compare: \d{3} requests played, \d+ passed over, 0 differences$/m)
    expect(code).toBe(0)
  })

  it('in which Azure answers otherwise differs in exactly that', async () => {
    const plants: readonly (readonly [string, (from: Recording) => Recording])[] = [
      [
        'status: Azure 200, the emulator 201',
        (from) => planted(from, 'PUT', /roleAssignments/, 201, (one) => (one.status = 200))
      ],
      [
        'header: retry-after: only the emulator sends it',
        (from) =>
          planted(from, 'PUT', NAMESPACE, 201, ({ responseHeaders }) => {
            delete (responseHeaders as Record<string, string>)['retry-after']
          })
      ],
      [
        'header: x-ms-error-code: only Azure sends it',
        (from) =>
          planted(from, 'GET', /enrollmentGroups/, 200, (one) => {
            one.responseHeaders = { ...one.responseHeaders, 'x-ms-error-code': '0' }
          })
      ],
      [
        'shape: .properties.region (string): only Azure has it',
        (from) =>
          planted(from, 'GET', NAMESPACE, 200, ({ responseBody }) => {
            responseBody.properties.region = 'alias-00001'
          })
      ],
      [
        'shape: .properties.hostName (string): only the emulator has it',
        (from) =>
          planted(from, 'GET', HUB, 200, ({ responseBody }) => {
            delete responseBody.properties.hostName
          })
      ],
      [
        'shape: .sku.capacity: Azure string, the emulator number',
        (from) =>
          planted(from, 'GET', DPS, 200, ({ responseBody }) => {
            responseBody.sku.capacity = '1'
          })
      ],
      [
        'word: .properties.state: Azure Ready, the emulator Active',
        (from) =>
          planted(from, 'GET', HUB, 200, ({ responseBody }) => {
            responseBody.properties.state = 'Ready'
          })
      ],
      [
        'word: .error.code: Azure NotHere, the emulator ResourceGroupNotFound',
        (from) =>
          planted(from, 'GET', HUB, 404, ({ responseBody }) => {
            responseBody.error.code = 'NotHere'
          })
      ],
      [
        'status: Azure 200, the emulator 404',
        (from) =>
          planted(from, 'GET', /credentials\/default$/, 200, (one) => {
            one.url = one.url.replace(/api-version=[^&]*/, 'api-version=2099-01-01')
          })
      ]
    ]
    const { code, text } = await compared(
      plants.reduce((from, [, plant]) => plant(from), recording)
    )
    const found = [...text.matchAll(/^ {2}(\w+: .*) \(1 times\)$/gm)].map(([, one]) => one)
    expect(found).toHaveLength(plants.length)
    expect(new Set(found)).toEqual(new Set(plants.map(([name]) => name)))
    expect(code).toBe(1)
  })

  it('is not held to what Azure did not answer, or answered otherwise when asked again', async () => {
    const at = recording.exchanges.findIndex(
      ({ method, url }) => method === 'PUT' && HUB.test(new URL(url).pathname)
    )
    const again = recording.exchanges[at] as Exchange
    const body = { error: { code: 'PrincipalNotFound', message: 'It is not there yet.' } }
    const exchanges = recording.exchanges.toSpliced(
      at,
      0,
      { ...again, status: 0, responseBody: undefined },
      { ...again, status: 429, responseBody: undefined },
      { ...again, status: 400, responseBody: body }
    )
    const told = async (from: Recording) => {
      const { text } = await compared(from)
      const [, over, differences] = /(\d+) passed over, (\d+) differences$/m.exec(text) ?? []
      return { over: Number(over), differences }
    }
    const { over } = await told(recording)
    expect(await told({ ...recording, exchanges })).toEqual({ over: over + 3, differences: '0' })
  })
})
