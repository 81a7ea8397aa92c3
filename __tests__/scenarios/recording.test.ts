import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Exchange } from '../../emulator/record.ts'
import type { Recording } from '../../scripts/record/scrub.ts'
import { MODELS, type Model } from './models.ts'
import { type Recorded, recorded } from './recorded.ts'
import type { Body } from './scenario.ts'

const COMPARE = fileURLToPath(new URL('../../scripts/compare.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'recording-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** How a comparison ended, by its command. */
async function compared(changed: Recording): Promise<{ code: number | null; text: string }> {
  const file = join(folder, 'changed.json')
  writeFileSync(file, JSON.stringify(changed))
  const child = spawn(process.execPath, [COMPARE, file])
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      text += String(chunk)
    })
  return new Promise((done) => child.on('close', (code) => done({ code, text })))
}

/** A copy with a change in the last exchange that fits: earlier ones may show what is still being made. */
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
  const one = copy.exchanges.findLast(
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

type Plant = readonly [string, (from: Recording) => Recording]

/** What only an Azure of this model could answer otherwise. */
const ONLY_OF: Readonly<Record<Model, readonly Plant[]>> = {
  '2025-11-01-preview': [
    [
      'status: Azure 200, the emulator 404',
      (from) =>
        planted(from, 'GET', /credentials\/default$/, 200, (one) => {
          one.url = one.url.replace(/api-version=[^&]*/, 'api-version=2099-01-01')
        })
    ]
  ],
  '2026-11-01': [
    [
      'word: .properties.provisioning.endpoints.*.linkingState: Azure Failed, the emulator Succeeded',
      (from) => plantedInLink(from, (link) => (link.linkingState = 'Failed'))
    ],
    [
      'shape: .properties.provisioning.endpoints.*.endpointType (string): only the emulator has it',
      (from) => plantedInLink(from, (link) => delete link.endpointType)
    ]
  ]
}

/** A copy with a change in what a namespace tells of the DPS that it is linked to. */
function plantedInLink(
  from: Recording,
  change: (link: Record<string, string>) => unknown
): Recording {
  const at = from.exchanges.findIndex(
    ({ method, url, responseBody }) =>
      method === 'GET' &&
      NAMESPACE.test(new URL(url).pathname) &&
      linksOf(responseBody as Body).some((link) => link.linkingState === 'Succeeded')
  )
  const copy = structuredClone(from)
  const [link] = linksOf(copy.exchanges[at]?.responseBody as Body)
  change(link as Record<string, string>)
  return copy
}

function linksOf(body: Body): readonly Record<string, string>[] {
  return Object.values(body?.properties?.provisioning?.endpoints ?? {})
}

describe.each(MODELS)('a recording of %s', (model) => {
  let recording: Recording
  let text: string
  let secrets: Recorded['secrets']
  beforeAll(async () => {
    ;({ text, secrets } = await recorded(model))
    recording = JSON.parse(text) as Recording
  })

  it('tells no secret, no id and no name', () => {
    expect(secrets.length).toBeGreaterThan(20)
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })

  it('of the emulator differs from the emulator in nothing', async () => {
    const { code, text } = await compared(recording)
    expect(text).toMatch(/^compare: \d{3} requests played, \d+ passed over, 0 differences$/m)
    expect(code).toBe(0)
  })

  it('in which Azure answers otherwise differs in exactly that', async () => {
    const plants: readonly Plant[] = [
      ...ONLY_OF[model],
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
