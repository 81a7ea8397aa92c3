import { describe, expect, it } from '@jest/globals'
import { MODELS } from './models.ts'
import { type Outcome, Scenario } from './scenario.ts'

const scenario = new Scenario()

const grantsOn = ({ requests }: Outcome, resource: RegExp) =>
  requests.filter(
    ({ method, url }) => method === 'PUT' && /roleAssignments/.test(url) && resource.test(url)
  )

/** Emulated time at which the creation of the namespace was seen to have ended. */
const namespaceMade = ({ requests }: Outcome) =>
  requests.find(
    ({ method, responseBody }) =>
      method === 'GET' &&
      /"status":"Succeeded"|"provisioningState":"Succeeded"/.test(JSON.stringify(responseBody)) &&
      /namespaces\//i.test(JSON.stringify(responseBody))
  )?.time ?? ''

describe.each(MODELS)('grants on what Azure still makes, %s', (version) => {
  const apply = () => {
    scenario.configure({ latency: { namespaceWrite: 60_000, hubCreate: 60_000 } })
    return scenario.apply({ 'service-version': version })
  }
  const unchanged = async () => expect((await apply()).outputs.changed).toBe('false')

  it('are made at once where Azure takes them', async () => {
    const fresh = await apply()
    const [first] = grantsOn(fresh, /\/namespaces\//)
    expect(first?.status).toBe(201)
    expect((first?.time ?? '') < namespaceMade(fresh)).toBe(true)
    await unchanged()
  })

  it('are made to the namespace itself as soon as its identity can be read', async () => {
    scenario.configure({ namespaceIdentity: 'whileMade' })
    const fresh = await apply()
    const toNamespace = grantsOn(fresh, /\/IotHubs\//)
    const earliest = version === '2026-11-01' ? toNamespace[0]?.time : undefined
    if (earliest !== undefined) expect(earliest < namespaceMade(fresh)).toBe(true)
    expect(toNamespace.length).toBeGreaterThan(0)
    await unchanged()
  })

  it.each([
    ['absent', 404],
    ['busy', 409]
  ] as const)('are made once it is there where Azure refuses them (%s)', async (answer, status) => {
    scenario.configure({ grantsOnUnfinished: answer })
    const fresh = await apply()
    const statuses = grantsOn(fresh, /\/namespaces\//).map((request) => request.status)
    expect(statuses).toContain(status)
    expect(statuses).toContain(201)
    await unchanged()
  })

  it('are not told of as failures when the resource itself fails', async () => {
    scenario.azure.setFaults([
      {
        method: 'PUT',
        path: '/namespaces/[^/]+\\?',
        times: 9,
        effect: {
          kind: 'operation',
          end: 'Failed',
          error: { code: 'InternalServerError', message: 'It went wrong.' }
        }
      }
    ])
    const run = await scenario.run({ 'service-version': version })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('create Device Registry namespace')
    expect(run.failure).not.toContain('Roles of')
  })
})
