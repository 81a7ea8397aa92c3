import assert from 'node:assert/strict'
import { deletion, dispatch, pullRequest, push, schedule, type Trigger } from '../../trigger.ts'
import { nothingIsLeft, type Outcome, type Run, type Story, wroteNothing } from '../story.ts'
import { platform, shared, sharing } from './jobs.ts'
import { offering } from './regions.ts'

/** Path of an example that is a workflow. */
export const example = (name: string) => `examples/${name}.yml`

/** Nothing was asked of anybody. */
export const nothingWasAsked = ({ requests }: Outcome) => assert.deepEqual(requests, [])

/** What the comments of the pull request say first. */
export const headings = ({ azure }: Outcome) =>
  [...azure.world.comments.values()].map(({ body }) =>
    /^## \S+ Azure IoT · (`.*?` · (?:\d+ )?\w+)/m
      .exec(String(body.body))?.[1]
      ?.replace(/ \d+ /, ' N ')
  )

/** `examples/pull-request.yml`, for a run of the branch's pull request. */
const closing = (name: string, trigger: Trigger, title: string): Run => ({
  name: `examples/pull-request.yml, ${name}`,
  workflow: example('pull-request'),
  trigger,
  vars: sharing,
  jobs: { teardown: ['success'] },
  check: (outcome) => {
    assert.equal(outcome.ids('IotHubs').length, 1)
    assert.deepEqual(headings(outcome), [`\`feature/login\` · ${title}`])
  }
})

export const pullRequests: Story = [
  platform,
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
        assert.deepEqual(headings(outcome), [`\`feature/login\` · ${outcomes[action]}`])
      }
    })
  ),
  closing('closed', pullRequest(7, 'feature/login', 'closed'), 'N removed'),
  closing('its branch deleted after that', deletion('feature/login'), 'N removed'),
  {
    name: 'examples/pull-request.yml, another one',
    workflow: example('pull-request'),
    trigger: pullRequest(7, 'feature/login', 'opened'),
    vars: sharing,
    jobs: { provision: ['success'] }
  },
  closing('its branch deleted without a run for `closed`', deletion('feature/login'), 'N created'),
  {
    name: 'examples/pull-request.yml, a tag deleted',
    workflow: example('pull-request'),
    trigger: deletion('v1.0.0', 'tag'),
    vars: sharing,
    jobs: {},
    check: nothingWasAsked
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

export const fleet: Story = [
  {
    name: 'examples/fleet.yml',
    workflow: example('fleet'),
    azure: offering,
    trigger: dispatch(),
    jobs: { provision: ['success', 'success', 'success', 'success'], fleet: ['success'] },
    check: ({ ids, log }) => {
      assert.equal(ids('IotHubs').length, 4)
      // GitHub combines the outputs of all legs; act keeps those of the one that ends last.
      assert.match(log, /^(test|production)-(centralus|uksouth) hub-\1-\2-\S+ 0ne\w+$/m)
    }
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
