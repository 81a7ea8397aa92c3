import { describe, expect, test } from '@jest/globals'
import { recognises as ofAuthorities } from '../../../src/generations/certificateAuthorities/recognise.ts'
import { recognises as ofCredentials } from '../../../src/generations/credentialsAndPolicies/recognise.ts'
import type { Recognisable } from '../../../src/generations/generation.ts'
import { DPS, HUB, NAMESPACE, signal } from '../resources/sample.ts'
import { azureOf } from '../steps/sample.ts'

const MODELS = { '2025-11-01-preview': ofCredentials, '2026-11-01': ofAuthorities } as const
const A = '2025-11-01-preview'
const B = '2026-11-01'

/** The models that take what is there for one of their own. @param there by id; what is below a namespace is a list */
async function takenBy(which: Recognisable, id: string, there: Readonly<Record<string, object>>) {
  const azure = azureOf({
    get: (asked: string) => there[asked],
    list: (asked: string) => there[asked] ?? []
  })
  const found: string[] = []
  for (const [version, recognises] of Object.entries(MODELS))
    if (await recognises(azure, which, id, signal)) found.push(version)
  return found
}

const endpoint = { e: { resourceId: HUB, endpointType: 'Microsoft.Devices/IotHubs' } }

describe('which model it is of', () => {
  test.each<[string, Recognisable, string, Readonly<Record<string, object>>, readonly string[]]>([
    ['tells the tier GEN2', 'hub', HUB, { [HUB]: { sku: { name: 'gen2' } } }, [A]],
    ['tells an S tier', 'hub', HUB, { [HUB]: { sku: { name: 's1' } } }, [B]],
    ['does not tell another tier', 'hub', HUB, { [HUB]: { sku: { name: 'B1' } } }, []],
    ['does not tell a hub that is not there', 'hub', HUB, {}, []],
    [
      'tells the namespace of a DPS',
      'dps',
      DPS,
      { [DPS]: { properties: { deviceRegistryNamespace: { resourceId: NAMESPACE } } } },
      [A]
    ],
    [
      'tells the link of a DPS',
      'dps',
      DPS,
      { [DPS]: { properties: { deviceRegistryNamespaces: [{ resourceId: NAMESPACE }] } } },
      [B]
    ],
    ['does not tell a DPS that is in none', 'dps', DPS, { [DPS]: { properties: {} } }, []],
    ['does not tell a DPS that is not there', 'dps', DPS, {}, []],
    [
      'tells the credential of a namespace',
      'namespace',
      NAMESPACE,
      { [NAMESPACE]: {}, [`${NAMESPACE}/credentials/default`]: {} },
      [A]
    ],
    [
      'tells a CA in a namespace',
      'namespace',
      NAMESPACE,
      { [NAMESPACE]: {}, [`${NAMESPACE}/certificateAuthorities`]: [{}] },
      [B]
    ],
    [
      'tells what is linked to a namespace',
      'namespace',
      NAMESPACE,
      { [NAMESPACE]: { properties: { messaging: { endpoints: endpoint } } } },
      [B]
    ],
    ['does not tell an empty namespace', 'namespace', NAMESPACE, { [NAMESPACE]: {} }, []]
  ])('%s', async (_what, which, id, there, models) => {
    expect(await takenBy(which, id, there)).toEqual(models)
  })
})
