import type { Exchange, Recording } from './exchange.ts'
import { loadSpecs } from './specs.ts'
import { tally } from './tally.ts'
import { Validator } from './validator.ts'

interface Mistake {
  readonly name: string
  /** Plants the mistake in a recorded exchange. */
  readonly plant?: (exchange: Exchange) => Exchange
  /** Plants it in the copy of the specifications. */
  readonly change?: (text: string) => string
}

type Body = Readonly<Record<string, unknown>>

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a request without a required property',
    plant: (exchange) => ({
      ...exchange,
      requestBody: { ...(exchange.requestBody as Body), location: undefined }
    })
  },
  {
    name: 'a request with a value that is not in its enumeration',
    plant: (exchange) => ({
      ...exchange,
      requestBody: { ...(exchange.requestBody as Body), sku: { name: 'GEN9', capacity: 1 } }
    })
  },
  {
    name: 'an answer with a property of the wrong type',
    plant: (exchange) => ({
      ...exchange,
      responseBody: { ...(exchange.responseBody as Body), location: 7 }
    })
  },
  {
    name: 'a property that the specification calls otherwise',
    change: (text) => text.replaceAll('"deviceRegistry"', '"deviceRegistry2"')
  },
  {
    name: 'an operation that is not specified',
    plant: (exchange) => ({ ...exchange, url: exchange.url.replace('IotHubs', 'IotHubz') })
  }
]

/** Proves that the check can fail: plants each mistake in a recorded creation of a hub and looks whether it is found. */
export async function undetected(
  specsFolder: string,
  recordings: readonly Recording[]
): Promise<readonly string[]> {
  const creation = recordings
    .flatMap(({ exchanges }) => exchanges)
    .find(
      ({ method, url, status }) =>
        method === 'PUT' && status === 201 && /\/IotHubs\/[^/]+\?/.test(url)
    )
  if (creation === undefined) return ['no scenario recorded the creation of a hub']
  const missed: string[] = []
  for (const { name, plant = (exchange: Exchange) => exchange, change } of MISTAKES) {
    const specs = loadSpecs(specsFolder, change)
    try {
      const planted = [{ scenario: name, exchanges: [plant(creation)] }]
      const { findings } = await tally(await Validator.load(specs), planted)
      if (findings.length === 0) missed.push(name)
    } finally {
      specs.remove()
    }
  }
  return missed
}
