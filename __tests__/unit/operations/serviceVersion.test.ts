import { describe, expect, test } from '@jest/globals'
import { GENERATIONS } from '../../../src/generations/generations.ts'
import { providersOf, withVersion } from '../../../src/operations/serviceVersion.ts'
import { Ledger, type Session } from '../../../src/operations/session.ts'
import type { TrackedResource } from '../../../src/resources/model.ts'
import type { EnvironmentSettings } from '../../../src/settings/settings.ts'
import { ENVIRONMENT } from '../generations/sample.ts'
import { DPS, GROUP, HUB, NAMESPACE, signal, target, tracked } from '../resources/sample.ts'

/** What there is, by id; a group tells what is in it. */
type There = readonly TrackedResource[]

/** No provider may be read, so that the newest model is taken where nothing remembers one. */
function azureOf(there: There) {
  const find = (id: string) => there.find((one) => one.id === id)
  return {
    arm: {
      get: async (id: string) => find(id),
      list: async () => there.filter(({ id }) => id.startsWith(`${GROUP}/`))
    },
    tagsOf: async (id: string) => find(id)?.tags,
    providers: { read: async () => undefined }
  }
}

async function versionOf(there: There, environment: object): Promise<string | undefined> {
  const session = {
    settings: {
      environment: { ...ENVIRONMENT, ...environment },
      model: { version: 'auto', only: { '2025-11-01-preview': [], '2026-11-01': [] } },
      operation: 'destroy'
    },
    generations: GENERATIONS,
    speak: () => azureOf(there),
    log: { info: () => {} },
    signal
  } as unknown as Session<EnvironmentSettings>
  const ledger = new Ledger()
  const { serviceVersion } = await withVersion(session, ledger)
  expect(ledger.version?.version).toBe(serviceVersion)
  return ledger.version?.reason
}

const ELSEWHERE = NAMESPACE.replace('/rg/', '/others/')
const REMEMBERED = (id: string) => `${id} was made with it`
const NOBODY = 'what the providers offer may not be read with the rights of this identity'

describe('the model that an environment remembers', () => {
  test.each<[string, There, object, string]>([
    ['is that of its own group', [tracked('ours', GROUP)], {}, REMEMBERED(GROUP)],
    [
      'is that of what is its own in a group of others',
      [tracked('foreign', GROUP), tracked('foreign', HUB), tracked('ours', DPS)],
      {},
      REMEMBERED(DPS)
    ],
    ['is not that of others', [tracked('foreign', GROUP), tracked('foreign', HUB)], {}, NOBODY],
    [
      'is that of what is its own in another group',
      [tracked('ours', ELSEWHERE)],
      { namespace: target(ELSEWHERE) },
      REMEMBERED(ELSEWHERE)
    ],
    [
      'is not that of others in another group',
      [tracked('foreign', ELSEWHERE)],
      { namespace: target(ELSEWHERE) },
      NOBODY
    ],
    ['is asked of no part of a group that is not there', [tracked('ours', HUB)], {}, NOBODY]
  ])('%s', async (_what, there, environment, reason) => {
    expect(await versionOf(there, environment)).toBe(reason)
  })

  test('is named, where this release does not know it', async () => {
    const group = tracked('ours', GROUP)
    const later = { ...group, tags: { ...group.tags, 'iot-service-version': '2030-01-01' } }
    await expect(versionOf([later], {})).rejects.toThrow(
      `${GROUP} was made with the service version 2030-01-01, which this release does not know`
    )
  })
})

test('a provider that may not be read is left out', async () => {
  const read = async (_subscription: string, namespace: string) =>
    namespace === 'Microsoft.Devices' ? { namespace } : undefined
  const azure = { providers: { read } } as unknown as Parameters<typeof providersOf>[0]
  expect(await providersOf(azure, GENERATIONS, 's', signal)).toEqual([
    { namespace: 'Microsoft.Devices' }
  ])
})
