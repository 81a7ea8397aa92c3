import assert from 'node:assert/strict'
import { deletion, dispatch, pullRequest, push } from '../../trigger.ts'
import type { Seen } from '../log.ts'
import { type Run, type Story, wroteNothing } from '../story.ts'
import { offering } from './regions.ts'

const file = (name: string) => `scripts/workflows/files/${name}.yml`

/** A namespace and a DPS that other environments share: a subscription has ten DPSs. */
export const shared: Run = {
  name: 'apply of what is shared',
  workflow: file('apply'),
  trigger: push(),
  jobs: { apply: ['success'] }
}

/** The same by the example, whose summary shows what the other workflows need. */
export const platform: Run = {
  name: 'examples/platform.yml',
  workflow: 'examples/platform.yml',
  trigger: dispatch(),
  azure: offering,
  jobs: { provision: ['success'] },
  check: ({ summaries, outputs: told }) => {
    const [, shown = ''] = /```sh\n([^`]*)```/.exec(summaries.join('\n')) ?? []
    assert.equal(
      shown,
      `gh variable set SHARED_NAMESPACE_ID --body '${told['iot.namespace-id']}'\n` +
        `gh variable set SHARED_DPS_ID --body '${told['iot.dps-id']}'\n`
    )
  }
}

export const sharing = (first: Seen['outputs']) => ({
  SHARED_NAMESPACE_ID: first['iot.namespace-id'] ?? '',
  SHARED_DPS_ID: first['iot.dps-id'] ?? ''
})

/** What a runner does with what the action hands out: to steps, jobs, workflows and people. */
export const outputs: Story = [
  {
    name: 'outputs in a second job',
    workflow: file('outputs'),
    trigger: push(),
    jobs: { build: ['success'], reads: ['success'] },
    check: ({ outputs: { 'told.created': created } }) => assert.ok(Number(created) > 10)
  },
  {
    name: 'outputs, when nothing has changed',
    workflow: file('outputs'),
    trigger: push(),
    // `reads` counts what was created, and fails without any: what follows does not depend on it.
    jobs: { build: ['success'], reads: ['success'], unchanged: ['success'] },
    check: ({ outputs: { 'told.created': created } }) => assert.equal(created, '0')
  },
  {
    name: 'a reusable workflow',
    workflow: file('calls'),
    trigger: push(),
    files: { '.github/workflows/reusable.yml': file('reusable') },
    // act tells of the job within by its own id.
    jobs: { provision: ['success'], reads: ['success'] },
    check: wroteNothing
  },
  {
    name: 'the summary file',
    workflow: file('summary'),
    trigger: push(),
    jobs: { apply: ['success'] },
    check: ({ summaries }) => {
      assert.deepEqual(
        summaries.map((text) => text.split('\n')[0]?.replace(/ in [\dmins ]+$/, '')),
        ['# Before', '## ✅ Azure IoT · `main` · unchanged', '# After']
      )
    }
  }
]

export const matrix: Story = [
  shared,
  {
    name: 'a matrix of branches that differ after sixty characters',
    workflow: file('long-names'),
    trigger: dispatch(),
    vars: sharing,
    jobs: { apply: ['success', 'success', 'success'] },
    check: ({ ids, azure }) => {
      for (const type of ['IotHubs', 'resourceGroups']) assert.equal(ids(type).length, 4)
      for (const id of ids('IotHubs')) assert.ok((id.split('/').at(-1) ?? '').length <= 50)
      assert.equal(azure.world.enrollmentGroups.size, 4)
    }
  }
]

export const files: Story = [
  platform,
  {
    name: 'the quick start of the README',
    workflow: 'README.md',
    trigger: push('feature/login'),
    vars: sharing,
    jobs: { provision: ['success'] },
    check: ({ log }) =>
      assert.match(log, /^Hub hub-feature-login-\S+\.azure-devices\.net, ID scope 0ne/m)
  },
  ...Object.entries({
    'its pull request closed': pullRequest(7, 'feature/login', 'closed'),
    'its branch deleted': deletion('feature/login')
  }).map(
    ([name, trigger]): Run => ({
      name: `the quick start of the README, ${name}`,
      workflow: 'README.md',
      trigger,
      vars: sharing,
      jobs: { teardown: ['success'] },
      check: ({ ids }) => assert.equal(ids('IotHubs').length, 1)
    })
  ),
  {
    name: 'a config file of the checkout',
    workflow: file('config-file'),
    trigger: push(),
    files: { 'deploy/iot.yml': 'examples/iot.yml' },
    jobs: { apply: ['success'] },
    // The platform's hub is there as well.
    check: ({ ids }) => assert.equal(ids('IotHubs').length, 3)
  }
]

export const composite: Story = [
  {
    name: 'the composite action',
    workflow: file('composite'),
    azure: offering,
    trigger: push(),
    files: { '.github/actions/backend/action.yml': 'examples/composite/action.yml' },
    jobs: { provision: ['success'] },
    check: ({ ids, azure }) => {
      const [hub] = ids('IotHubs')
      const { tags } = azure.world.resources.get(hub?.toLowerCase() ?? '')?.body ?? {}
      assert.equal((tags as Record<string, string>)['cost-center'], '4711')
    }
  }
]

export const failures: Story = [
  {
    name: 'failure, for inputs',
    workflow: file('bad-input'),
    trigger: push(),
    jobs: { provision: ['success'] },
    check: ({ log, requests }) => {
      assert.equal(requests.length, 0)
      assert.match(log, /::error [^\n]*phases[^\n]*leaf-validity-days/)
    }
  },
  {
    name: 'failure, in the middle of an apply',
    workflow: file('failure'),
    trigger: push(),
    faults: [
      {
        method: 'PUT',
        path: '/provisioningServices/[^/]+\\?',
        times: 99,
        effect: {
          kind: 'answer',
          status: 403,
          body: { error: { code: 'RequestDisallowedByPolicy', message: 'A policy forbids it.' } }
        }
      }
    ],
    jobs: { provision: ['failure'], after: ['success'] },
    check: ({ outputs: told, ids, log }) => {
      assert.equal(told['report.failed'], 'dps')
      assert.match(log, /::error [^\n]*RequestDisallowedByPolicy/)
      // What does not depend on it is finished.
      assert.equal(ids('IotHubs').length, 1)
    }
  },
  ...Object.entries({
    'a fork': { fork: 'mallory/octo-repo', login: 'mallory' },
    Dependabot: { login: 'dependabot[bot]' }
  }).map(
    ([whose, author]): Run => ({
      name: `a pull request by ${whose} that nothing keeps from the action`,
      workflow: file('unguarded'),
      trigger: pullRequest(8, 'patch-1', 'opened', author),
      idToken: false,
      jobs: { provision: ['failure'] },
      check: (outcome) => {
        wroteNothing(outcome)
        assert.match(outcome.log, /::error [^\n]*id-token: write/)
      }
    })
  )
]
