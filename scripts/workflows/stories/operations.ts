import assert from 'node:assert/strict'
import { deletion, dispatch, pullRequest, push, schedule } from '../../trigger.ts'
import { nothingIsLeft, type Outcome, type Run, type Story, wroteNothing } from '../story.ts'

const file = (name: string) => `scripts/workflows/files/${name}.yml`

const apply: Run = {
  name: 'apply, with defaults alone',
  workflow: file('apply'),
  trigger: push(),
  jobs: { apply: ['success'] },
  check: ({ outputs, ids }) => {
    assert.equal(outputs['iot.changed'], 'true')
    assert.deepEqual(ids('IotHubs'), [outputs['iot.hub-id']])
    assert.deepEqual(ids('provisioningServices'), [outputs['iot.dps-id']])
    assert.deepEqual(ids('namespaces'), [outputs['iot.namespace-id']])
  }
}

const gone = { ...apply, name: 'apply, for a branch', trigger: push('feature/gone') }

const withBranch = { azure: { github: { branches: ['main', 'feature/gone'] } } }

/** Each operation by `uses: ./`, in the life of an environment. */
export const life: Story = [
  {
    name: 'plan of an environment that is not there',
    workflow: file('plan'),
    trigger: pullRequest(7),
    jobs: { plan: ['failure'] },
    check: (outcome) => {
      wroteNothing(outcome)
      const { items } = JSON.parse(outcome.outputs['iot.plan'] ?? '') as {
        items: { action: string }[]
      }
      assert.ok(items.some(({ action }) => action === 'create'))
    }
  },
  apply,
  {
    ...apply,
    name: 'apply, a second time',
    check: (outcome) => {
      wroteNothing(outcome)
      assert.equal(outcome.outputs['iot.changed'], 'false')
    }
  },
  {
    name: 'plan of an environment as it should be',
    workflow: file('plan'),
    trigger: pullRequest(7),
    jobs: { plan: ['success'] },
    check: wroteNothing
  },
  {
    name: 'verify',
    workflow: file('verify'),
    trigger: schedule(),
    jobs: { verify: ['success'] },
    check: (outcome) => {
      wroteNothing(outcome)
      assert.match(outcome.summaries.join(), /^(\d+) of \1 checks hold/m)
    }
  },
  {
    name: 'destroy of an environment that never was',
    workflow: file('destroy'),
    trigger: dispatch({ environment: 'another' }),
    jobs: { destroy: ['success'] },
    check: wroteNothing
  },
  {
    name: 'destroy',
    workflow: file('destroy'),
    trigger: dispatch({ environment: 'main' }),
    jobs: { destroy: ['success'] },
    check: nothingIsLeft
  }
]

/** Environments that end with their branch. */
export const branches: Story = [
  { ...gone, ...withBranch },
  {
    name: 'sweep, while the branch is there',
    workflow: file('sweep'),
    trigger: schedule(),
    jobs: { sweep: ['success'] },
    check: wroteNothing
  },
  {
    name: 'sweep, once the branch is gone',
    workflow: file('sweep'),
    trigger: schedule(),
    azure: { github: { branches: ['main'] } },
    jobs: { sweep: ['success'] },
    check: nothingIsLeft
  },
  { ...gone, ...withBranch, name: 'apply, for a branch that comes back' },
  {
    name: 'a tag is deleted',
    workflow: file('branch-deleted'),
    trigger: deletion('v1', 'tag'),
    jobs: {},
    check: ({ ids, requests }: Outcome) => {
      assert.equal(requests.length, 0)
      assert.equal(ids('IotHubs').length, 1)
    }
  },
  {
    name: 'the branch is deleted',
    workflow: file('branch-deleted'),
    trigger: deletion('feature/gone'),
    jobs: { destroy: ['success'] },
    check: nothingIsLeft
  }
]

/** Work that is shared between jobs. */
export const phases: Story = [
  {
    name: 'phases in two jobs',
    workflow: file('phases'),
    trigger: push(),
    jobs: { ground: ['success'], rest: ['success'] },
    check: ({ ids, azure }) => {
      assert.equal(ids('IotHubs').length, 1)
      assert.equal(azure.world.enrollmentGroups.size, 1)
    }
  },
  { ...apply, name: 'apply of all phases after them', check: wroteNothing }
]
