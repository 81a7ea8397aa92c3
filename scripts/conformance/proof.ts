import type { Exchange, Recording } from './exchange.ts'
import { loadSpecs } from './specs.ts'
import { tally } from './tally.ts'
import { Validator } from './validator.ts'

/** A kind of exchange that the scenarios record, in which mistakes can be planted. */
interface Subject {
  readonly name: string
  readonly is: (exchange: Exchange) => boolean
}

interface Mistake {
  readonly name: string
  readonly subject: Subject
  /** Plants the mistake in a recorded exchange. */
  readonly plant?: (exchange: Exchange) => Exchange
  /** Plants it in the copy of the specifications. */
  readonly change?: (text: string) => string
}

type Body = Readonly<Record<string, unknown>>

const subject = (name: string, method: string, url: RegExp, more = /./): Subject => ({
  name,
  is: (exchange) =>
    exchange.method === method &&
    exchange.status < 300 &&
    url.test(exchange.url) &&
    more.test(JSON.stringify(exchange.requestBody ?? null))
})

const OLD_HUB = subject(
  "the creation of a hub in the tutorial's model",
  'PUT',
  /\/IotHubs\/[^/]+\?.*2025-08-01-preview/i,
  /"deviceRegistry"/
)
const LINK = subject(
  'the link of a DPS',
  'PATCH',
  /\.DeviceRegistry\/namespaces\/[^/]+\?.*2026-11-01/i,
  /"provisioning":\{"endpoints":\{"[^"]+":\{/
)
const LINKED = subject('a namespace', 'GET', /\.DeviceRegistry\/namespaces\/[^/]+\?.*2026-11-01/i)
const ISSUING = subject(
  'the creation of an issuing CA',
  'PUT',
  /\/certificateAuthorities\/[^/]+\?.*2026-11-01/i,
  /"issuerType":"Microsoft"/
)
const GROUP = subject(
  'an enrollment group with its three names',
  'PUT',
  /\/enrollmentGroups\/[^/]+\?.*2026-11-01/i,
  /"certificatePolicyName":"./
)

/** The same exchange with its texts changed, those of its request or those of its answer. */
const said =
  (side: 'requestBody' | 'responseBody', from: RegExp, to: string) =>
  (exchange: Exchange): Exchange => ({
    ...exchange,
    [side]: JSON.parse(JSON.stringify(exchange[side] ?? null).replace(from, to)) as unknown
  })

const asked = (change: (body: Body) => Body) => (exchange: Exchange) => ({
  ...exchange,
  requestBody: change(exchange.requestBody as Body)
})

const MISTAKES: readonly Mistake[] = [
  {
    name: 'a request without a required property',
    subject: OLD_HUB,
    plant: asked((body) => ({ ...body, location: undefined }))
  },
  {
    name: 'a request with a value that is not in its enumeration',
    subject: OLD_HUB,
    plant: asked((body) => ({ ...body, sku: { name: 'GEN9', capacity: 1 } }))
  },
  {
    name: 'an answer with a property of the wrong type',
    subject: OLD_HUB,
    plant: (exchange) => ({
      ...exchange,
      responseBody: { ...(exchange.responseBody as Body), location: 7 }
    })
  },
  {
    name: 'a property that the specification calls otherwise',
    subject: OLD_HUB,
    change: (text) => text.replaceAll('"deviceRegistry"', '"deviceRegistry2"')
  },
  {
    name: 'an operation that is not specified',
    subject: OLD_HUB,
    plant: (exchange) => ({ ...exchange, url: exchange.url.replace('IotHubs', 'IotHubz') })
  },
  {
    name: 'a link without an identity',
    subject: LINK,
    plant: said('requestBody', /"inboundCallerIdentity"/, '"callerIdentity"')
  },
  {
    name: 'a link to another type of service',
    subject: LINK,
    plant: said(
      'requestBody',
      /Microsoft\.Devices\/provisioningServices"/,
      'Microsoft.Devices/hubs"'
    )
  },
  {
    name: 'a namespace whose links the specification calls otherwise',
    subject: LINK,
    change: (text) => text.replaceAll('"provisioning"', '"provisioningServices"')
  },
  {
    name: 'a namespace in a state that there is not',
    subject: LINKED,
    plant: said('responseBody', /"provisioningState":"\w+"/, '"provisioningState":"Linking"')
  },
  {
    name: 'an issuing CA without its root',
    subject: ISSUING,
    plant: said('requestBody', /"certificateAuthorityResourceId"/, '"rootResourceId"')
  },
  {
    name: 'a certificate authority of a type that there is not',
    subject: ISSUING,
    plant: said('requestBody', /"ICA"/, '"Leaf"')
  },
  {
    name: 'an api-version that is not specified',
    subject: ISSUING,
    plant: (exchange) => ({ ...exchange, url: exchange.url.replace('2026-11-01', '2026-11-09') })
  },
  {
    name: 'an enrollment group that refers to a policy in the words of the other model',
    subject: GROUP,
    plant: said('requestBody', /"certificatePolicyName"/, '"credentialPolicyName"')
  }
]

/** Proves that the check can fail: plants each mistake in a recorded exchange and looks whether it is found. */
export async function undetected(
  specsFolder: string,
  recordings: readonly Recording[]
): Promise<readonly string[]> {
  const exchanges = recordings.flatMap((recording) => recording.exchanges)
  const unchanged = loadSpecs(specsFolder)
  const missed: string[] = []
  try {
    const validator = await Validator.load(unchanged)
    for (const mistake of MISTAKES) {
      const { name, subject, plant = (exchange: Exchange) => exchange, change } = mistake
      const found = exchanges.find(subject.is)
      if (found === undefined) {
        missed.push(`${name}: no scenario recorded ${subject.name}`)
        continue
      }
      const planted = [{ scenario: name, exchanges: [plant(found)] }]
      const findings =
        change === undefined
          ? (await tally(validator, planted)).findings
          : await withChange(specsFolder, change, planted)
      if (findings.length === 0) missed.push(name)
    }
  } finally {
    unchanged.remove()
  }
  return missed
}

async function withChange(
  specsFolder: string,
  change: (text: string) => string,
  recordings: readonly Recording[]
): Promise<readonly string[]> {
  const specs = loadSpecs(specsFolder, change)
  try {
    return (await tally(await Validator.load(specs), recordings)).findings
  } finally {
    specs.remove()
  }
}
