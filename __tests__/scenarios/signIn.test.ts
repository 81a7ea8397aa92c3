import { describe, expect, it } from '@jest/globals'
import { Scenario } from './scenario.ts'

const scenario = new Scenario()

/** Requests to anything but the two hosts that signing in takes. */
const beyondSignIn = (requests: readonly { host: string }[]) =>
  requests.filter(({ host }) => !/^(login\.|pipelines\.)/.test(host))

describe('sign-in that fails', () => {
  it('for want of id-token: write names the three usual causes', async () => {
    const run = await scenario.run({}, { idToken: false })
    expect(run.exitCode).toBe(1)
    expect(run.requests).toEqual([])
    expect(run.failure).toContain('id-token: write')
    expect(run.failure).toContain('fork')
    expect(run.failure).toMatch(/1\.[\s\S]*2\.[\s\S]*3\./)
  })

  it.each([
    ['subject', { subject: "repo:octo-org/octo-repo:ref:refs/heads/it's" }, 'AADSTS700213'],
    [
      'subject of the newer form',
      { subject: 'repo:octo-org@7/octo-repo@123456789:environment:iot' },
      'AADSTS700213'
    ]
  ])('by %s shows it and how to accept it, verbatim', async (_what, github, code) => {
    scenario.configure({ github })
    const run = await scenario.run()
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain(code)
    expect(run.failure).toContain(`subject:  ${github.subject}`)
    expect(run.failure).toContain(`--subject '${github.subject.replace("'", `'\\''`)}'`)
    expect(run.failure).toContain('az identity federated-credential create')
    expect(run.failure).toContain('az ad app federated-credential create')
    expect(beyondSignIn(run.requests)).toEqual([])
  })

  it('by issuer or audience shows what was presented', async () => {
    const subject = 'repo:octo-org/octo-repo:environment:iot'
    const issuer = 'https://token.actions.githubusercontent.com'
    const other = 'https://issuer.example'
    scenario.configure({
      deployer: { federatedCredentials: [{ issuer: other, subject, audiences: ['a'] }] }
    })
    const byIssuer = await scenario.run()
    expect(byIssuer.failure).toContain('AADSTS700211')
    expect(byIssuer.failure).toContain(`issuer:   ${issuer}`)
    scenario.configure({
      deployer: { federatedCredentials: [{ issuer, subject, audiences: ['a'] }] }
    })
    const byAudience = await scenario.run({ audience: 'mine' })
    expect(byAudience.failure).toContain('AADSTS700212')
    expect(byAudience.failure).toContain('audience: mine')
  })

  it.each([
    [
      'an unknown application',
      { 'client-id': '11111111-1111-4111-8111-111111111111' },
      '`client-id`'
    ],
    ['an unknown tenant', { 'tenant-id': '11111111-1111-4111-8111-111111111111' }, '`tenant-id`']
  ])('for %s says which input to check', async (_what, inputs, words) => {
    const run = await scenario.run(inputs)
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain(words)
  })
})

describe('a job that says it is of another repository', () => {
  const other = { name: 'octo-org/other', id: '42' }
  /** The address that GitHub gave to a job of the first repository. */
  const address = () => scenario.azure.env.ACTIONS_ID_TOKEN_REQUEST_URL ?? ''

  it('is told so by GitHub’s signature, before anything', async () => {
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: address() }
    const run = await scenario.run({}, { repository: other, env })
    expect(run.exitCode).toBe(1)
    expect(run.failure).toContain('GITHUB_REPOSITORY_ID is 42')
    expect(run.failure).toContain('repository 123456789')
    expect(run.requests.map(({ host }) => host)).toEqual([
      'pipelines.actions.githubusercontent.com'
    ])
    expect(run.log).not.toContain('attempt 2')
  })

  it('is believed where the token does not name the repository', async () => {
    scenario.configure({ github: { tellsRepositoryId: false } })
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: address() }
    await scenario.apply({ operation: 'plan' }, { repository: other, env })
  })
})

describe('an offer that is not the runner’s', () => {
  it.each(['no address', 'ftp://pipelines.actions.githubusercontent.com/x'])(
    'at %s is told before anything',
    async (address) => {
      const run = await scenario.run({}, { env: { ACTIONS_ID_TOKEN_REQUEST_URL: address } })
      expect([run.exitCode, run.requests]).toEqual([1, []])
      expect(run.failure).toContain('`ACTIONS_ID_TOKEN_REQUEST_URL` is not an http(s) address')
      expect(run.failure).toContain('as the runner sets them')
      expect(run.log).not.toContain('attempt 2')
    }
  )

  it.each(['secret', 'a.b.c', ''])(
    'of %j as a token is told, and not asked for again',
    async (value) => {
      const host = 'pipelines.actions.githubusercontent.com'
      scenario.azure.setFaults([
        { host, times: 99, effect: { kind: 'answer', status: 200, body: { value } } }
      ])
      const run = await scenario.run()
      expect(run.exitCode).toBe(1)
      expect(run.failure).toContain('is not a JWT')
      expect(run.failure).toContain('ACTIONS_ID_TOKEN_REQUEST_URL')
      expect(run.requests).toHaveLength(1)
    }
  )
})

describe('a run that outlives its tokens', () => {
  it('asks for a fresh assertion where the last one is older than a minute', async () => {
    scenario.configure({
      entra: { tokenSeconds: 420 },
      latency: { namespaceWrite: 600_000, hubCreate: 600_000 }
    })
    const run = await scenario.apply()
    const presented = run.requests
      .filter(({ host }) => host.startsWith('login.'))
      .map(({ requestBody, time }) => ({
        assertion: new URLSearchParams(requestBody as Record<string, string>).get(
          'client_assertion'
        ),
        at: Date.parse(time)
      }))
    const times = Map.groupBy(presented, ({ assertion }) => assertion)
    expect(times.size).toBeGreaterThan(3)
    // A minute, and what a token request takes on its way.
    for (const [first, ...others] of times.values())
      for (const { at } of others) expect(at - (first?.at ?? 0)).toBeLessThan(120_000)
  })
})

describe('bad inputs', () => {
  it('are told all at once, before anything is sent anywhere', async () => {
    const run = await scenario.run(
      {
        phases: 'hub, dsp',
        hub: '-illegal-',
        tags: 'bad<tag=1',
        'leaf-validity-days': '9137',
        summary: 'perhaps',
        'hub-loaction': 'westeurope',
        'client-id': ''
      },
      { env: { AZURE_CLIENT_ID: '' } }
    )
    expect(run.exitCode).toBe(1)
    expect(run.requests).toEqual([])
    for (const words of [
      'dsp',
      '-illegal-',
      'bad<tag',
      '9137',
      'perhaps',
      'hub-location',
      'client-id'
    ]) {
      expect(run.failure).toContain(words)
    }
    expect(run.log).not.toMatch(/^\s+at /m)
    expect(run.log.match(/^::error/gm)).toHaveLength(1)
  })
})

describe('secrets', () => {
  /** Everything that must stay secret: keys, tokens, assertions, signatures, as they went over the wire. */
  function secretsOf(requests: Awaited<ReturnType<Scenario['run']>>['requests']): Set<string> {
    const found = new Set<string>()
    for (const { requestBody, responseBody } of requests) {
      const text = JSON.stringify([requestBody, responseBody])
      for (const [, value] of text.matchAll(
        /"(?:access_token|value|client_assertion|primaryKey|secondaryKey)":"([^"]{40,})"/g
      )) {
        found.add(value as string)
      }
      for (const [, value] of text.matchAll(/SharedAccessKey=([^;"*]{40,})/g))
        found.add(value as string)
    }
    return found
  }

  it('are masked, and are in no log, summary or output, with debug on', async () => {
    const debug = { debug: true }
    const first = await scenario.apply({ policies: 'default=30\nother=30' }, debug)
    const second = await scenario.apply(
      { policies: 'default=30\nother=30', policy: 'other' },
      debug
    )
    for (const run of [first, second]) {
      const secrets = secretsOf(run.requests)
      expect(secrets.size).toBeGreaterThan(5)
      const masks = new Set(run.masked)
      const told = [
        run.log.replace(/^::add-mask::.*$/gm, ''),
        run.summary,
        JSON.stringify(run.outputs)
      ].join('\n')
      expect(run.log).toContain('::debug::')
      for (const secret of secrets) {
        expect(told.includes(secret)).toBe(false)
        expect([secret, masks.has(secret)]).toEqual([secret, true])
      }
      expect(told).not.toMatch(/SharedAccessSignature|sig=/)
      expect(run.masked).toContainEqual(expect.stringMatching(/^SharedAccessSignature sr=/))
    }
  })

  it('that GitHub says back are not told either', async () => {
    const token = scenario.azure.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN as string
    const host = 'pipelines.actions.githubusercontent.com'
    const body = { message: `Bearer ${token} is not valid` }
    scenario.azure.setFaults([{ host, times: 9, effect: { kind: 'answer', status: 401, body } }])
    const run = await scenario.run()
    expect(run.failure).toContain('HTTP 401, Bearer ')
    expect(run.masked).toContain(token)
    expect(run.summary + JSON.stringify(run.outputs)).not.toContain(token)
  })
})
