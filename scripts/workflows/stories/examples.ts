import assert from 'node:assert/strict'
import { defaults } from '../../../emulator/defaults.ts'
import { dispatch, pullRequest, push, schedule } from '../../trigger.ts'
import { nothingIsLeft, type Outcome, type Run, type Story, wroteNothing } from '../story.ts'
import { shared, sharing } from './jobs.ts'

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
const inEnvironment = (environment: string) => ({ identities, github: { environment } })

const planner = () => ({ AZURE_PLAN_CLIENT_ID: PLANNER })
const CONFIG = { 'iot.yml': 'examples/iot.yml' }
const example = (name: string) => `examples/${name}.yml`

/** The deploying identity also takes the subject of the environment `production`. */
const production = {
  ...inEnvironment('production'),
  deployer: {
    ...defaults.deployer,
    federatedCredentials: defaults.deployer.federatedCredentials.map((one) => ({
      ...one,
      subject: 'repo:octo-org/octo-repo:environment:production'
    }))
  }
}

const drift = {
  workflow: example('nightly-drift'),
  vars: planner,
  files: CONFIG,
  azure: inEnvironment('iot-plan')
}

const release = { workflow: example('release'), vars: planner, files: CONFIG }

/** Nothing was asked of anybody. */
const nothingWasAsked = ({ requests }: Outcome) => assert.deepEqual(requests, [])

/** What the comments of the pull request say first. */
const headings = ({ azure }: Outcome) =>
  [...azure.world.comments.values()].map(({ body }) =>
    /^## \S+ Azure IoT · (`.*?` · (?:\d+ )?\w+)/m
      .exec(String(body.body))?.[1]
      ?.replace(/ \d+ /, ' N ')
  )

export const pullRequests: Story = [
  shared,
  ...(['opened', 'synchronize'] as const).map(
    (action): Run => ({
      name: `examples/pull-request.yml, ${action}`,
      workflow: example('pull-request'),
      trigger: pullRequest(7, 'feature/login', action),
      vars: sharing,
      jobs: { provision: ['success'] },
      check: (outcome) => {
        assert.equal(outcome.outputs['iot.changed'], String(action === 'opened'))
        assert.equal(outcome.ids('IotHubs').length, 2)
        const outcomes = { opened: 'N created', synchronize: 'unchanged' }
        assert.deepEqual(headings(outcome), [`\`pr-7\` · ${outcomes[action]}`])
      }
    })
  ),
  {
    name: 'examples/pull-request.yml, closed',
    workflow: example('pull-request'),
    trigger: pullRequest(7, 'feature/login', 'closed'),
    vars: sharing,
    jobs: { teardown: ['success'] },
    check: (outcome) => {
      assert.equal(outcome.ids('IotHubs').length, 1)
      assert.deepEqual(headings(outcome), ['`pr-7` · N removed'])
    }
  },
  {
    name: 'examples/pull-request.yml, by a fork',
    workflow: example('pull-request'),
    trigger: pullRequest(8, 'patch-1', 'opened', { fork: 'mallory/octo-repo', login: 'mallory' }),
    vars: sharing,
    idToken: false,
    jobs: {},
    check: nothingWasAsked
  },
  {
    name: 'examples/pull-request.yml, by Dependabot',
    workflow: example('pull-request'),
    trigger: pullRequest(9, 'dependabot/npm', 'opened', { login: 'dependabot[bot]' }),
    vars: sharing,
    idToken: false,
    jobs: {},
    check: nothingWasAsked
  }
]

export const releases: Story = [
  {
    ...release,
    name: 'examples/release.yml, a pull request',
    trigger: pullRequest(7),
    azure: inEnvironment('iot-plan'),
    jobs: { production: ['success'] },
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
    jobs: { drift: ['failure', 'failure'] },
    check: wroteNothing
  },
  {
    ...release,
    name: 'examples/release.yml, the merge',
    trigger: push(),
    azure: production,
    jobs: { production: ['success'] },
    check: ({ ids, log }) => {
      assert.equal(ids('IotHubs').length, 2)
      assert.match(log, /^create IoT hub$/m)
    }
  },
  {
    ...drift,
    name: 'examples/nightly-drift.yml, after it',
    trigger: schedule('17 3 * * *'),
    jobs: { drift: ['success', 'success'] },
    check: wroteNothing
  }
]

export const fleet: Story = [
  {
    name: 'examples/fleet.yml',
    workflow: example('fleet'),
    trigger: dispatch(),
    jobs: { provision: ['success', 'success', 'success', 'success'] },
    check: ({ ids }) => assert.equal(ids('IotHubs').length, 4)
  }
]

export const sweeps: Story = [
  {
    ...shared,
    name: 'apply, for a branch that will go',
    trigger: push('feature/gone'),
    azure: { github: { branches: ['main', 'feature/gone'] } }
  },
  {
    name: 'examples/weekly-sweep.yml, by hand: only a list',
    workflow: example('weekly-sweep'),
    trigger: dispatch({ 'dry-run': 'true' }),
    azure: { github: { branches: ['main'] } },
    jobs: { sweep: ['success'] },
    check: (outcome) => {
      wroteNothing(outcome)
      assert.match(outcome.log, /feature\/gone/)
    }
  },
  {
    name: 'examples/weekly-sweep.yml, on schedule',
    workflow: example('weekly-sweep'),
    trigger: schedule(),
    jobs: { sweep: ['success'] },
    check: nothingIsLeft
  }
]
