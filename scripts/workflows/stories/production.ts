import assert from 'node:assert/strict'
import { defaults } from '../../../emulator/defaults.ts'
import type { Fault } from '../../../emulator/index.ts'
import { pullRequest, push, schedule } from '../../trigger.ts'
import { type Outcome, type Run, type Story, wroteNothing } from '../story.ts'
import { example, headings, nothingWasAsked } from './examples.ts'
import { offering } from './regions.ts'

const PLANNER = '3b7c1f52-9d0e-4e86-8a41-7c2f5d9e6b10'
const subscription = `/subscriptions/${defaults.subscriptionId}`

/** The read-only identity of the README: its subject is that of the environment `iot-plan`. */
const identities = [
  {
    clientId: PLANNER,
    objectId: '5e2a9c04-6f1b-4d37-b8c5-0d4e7a1f3c92',
    grants: ['Reader', 'Device Provisioning Service Data Reader'].map((role) => ({
      role,
      scope: subscription
    })),
    federatedCredentials: defaults.deployer.federatedCredentials.slice(0, 1).map((one) => ({
      ...one,
      subject: 'repo:octo-org/octo-repo:environment:iot-plan'
    }))
  }
]

/** The job that asks runs in this environment of GitHub's. */
const inEnvironment = (environment: string) => ({
  ...offering,
  identities,
  github: { environment }
})

const planner = () => ({ AZURE_PLAN_CLIENT_ID: PLANNER })
const CONFIG = { 'iot.yml': 'examples/iot.yml' }
/** All jobs of a run here present one subject: that of the environment `production`, which each identity trusts. */
const trusting = (credentials: typeof defaults.deployer.federatedCredentials) =>
  credentials.map((one) => ({
    ...one,
    subject: 'repo:octo-org/octo-repo:environment:production'
  }))
const production = {
  ...offering,
  github: { environment: 'production' },
  identities: identities.map((one) => ({
    ...one,
    federatedCredentials: trusting(one.federatedCredentials)
  })),
  deployer: {
    ...defaults.deployer,
    federatedCredentials: trusting(defaults.deployer.federatedCredentials)
  }
}

const drift = {
  workflow: example('nightly-drift'),
  vars: planner,
  files: CONFIG,
  azure: inEnvironment('iot-plan')
}

const release = { workflow: example('release'), vars: planner, files: CONFIG }

/** What a push to `main` does: the plan signs in as one identity, the apply as another, each for its environment. */
const merge = (name: string, jobs: Run['jobs'], check: Run['check']): Run => ({
  ...release,
  name: `examples/release.yml, ${name}`,
  trigger: push(),
  azure: production,
  jobs,
  ...(check && { check })
})

/** An issue or a comment on one, as it is sent. */
interface Posted {
  readonly title?: string
  readonly body: string
  readonly labels?: readonly string[]
}

/** Where among the issues something was sent, and what. */
const issues = ({ requests }: Outcome) =>
  requests
    .filter(({ method, url }) => method === 'POST' && /\/issues(\/\d+\/comments)?$/.test(url))
    .map(({ url, requestBody }) => ({ to: url.split('/issues')[1], text: requestBody as Posted }))

/** Answers of a repository whose open issues are these. */
const withIssues = (open: readonly object[]): readonly Fault[] =>
  [
    { method: 'GET', path: '/issues\\?', status: 200, body: open },
    { method: 'POST', path: '/issues', status: 201, body: { html_url: 'https://github.com/' } }
  ].map(({ method, path, status, body }) => ({
    ...{ method, path, host: 'api.github.com' },
    effect: { kind: 'answer', status, body }
  }))

export const releases: Story = [
  {
    ...release,
    name: 'examples/release.yml, a pull request',
    trigger: pullRequest(7),
    azure: inEnvironment('iot-plan'),
    jobs: { plan: ['success'] },
    check: (outcome) => {
      wroteNothing({
        ...outcome,
        requests: outcome.requests.filter(({ host }) => host !== 'api.github.com')
      })
      assert.equal(headings(outcome).length, 1)
    }
  },
  {
    ...release,
    name: 'examples/release.yml, by Dependabot',
    trigger: pullRequest(9, 'dependabot/npm', 'opened', { login: 'dependabot[bot]' }),
    idToken: false,
    jobs: {},
    check: nothingWasAsked
  },
  {
    ...drift,
    name: 'examples/nightly-drift.yml, before the first apply',
    trigger: schedule('17 3 * * *'),
    faults: withIssues([]),
    jobs: { drift: ['failure'], notify: ['success'] },
    check: (outcome) => {
      wroteNothing(outcome)
      const [opened, ...more] = issues(outcome)
      assert.deepEqual([opened?.to, opened?.text.labels, more], ['', ['iot-drift'], []])
      assert.match(opened?.text.body ?? '', /\/actions\/runs\/\d+\s+- .*IoT hub/s)
    }
  },
  {
    ...drift,
    name: 'examples/nightly-drift.yml, the night after',
    trigger: schedule('17 3 * * *'),
    faults: withIssues([{ number: 12 }]),
    jobs: { drift: ['failure'], notify: ['success'] },
    check: (outcome) => {
      assert.deepEqual(
        issues(outcome).map(({ to }) => to),
        ['/12/comments']
      )
    }
  },
  merge('the merge', { plan: ['success'], apply: ['success'] }, ({ ids, log }) => {
    assert.equal(ids('IotHubs').length, 2)
    assert.match(log, /: \d+ created, 1 done/)
  }),
  merge('a merge that changes nothing', { plan: ['success'] }, wroteNothing),
  {
    ...drift,
    name: 'examples/nightly-drift.yml, after it',
    trigger: schedule('17 3 * * *'),
    jobs: { drift: ['success'] },
    check: wroteNothing
  }
]
