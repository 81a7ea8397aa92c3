import { describe, expect, it } from '@jest/globals'
import type { PlanItem } from '../../../src/engine/step.ts'
import type { Verdict } from '../../../src/engine/verdict.ts'
import { changesMarkdown } from '../../../src/report/changesMarkdown.ts'
import { headline } from '../../../src/report/headline.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { nameOf, planLines } from '../../../src/report/text.ts'
import { fakeStep } from '../engine/fakeStep.ts'
import { report, result } from './sample.ts'

function item(name: string, verdict: Verdict): PlanItem {
  return { step: { ...fakeStep(name, new Map()), kind: 'Thing', resource: `/x/${name}` }, verdict }
}

/** In the order in which they would be done. */
const PLAN = {
  items: [
    item('kept', { action: 'keep' }),
    item('synced', { action: 'act', reason: 'hub lacks `ca`' }),
    item('made', {
      action: 'create',
      changes: [{ property: 'sku.name', before: undefined, after: 'S1' }],
      unknown: ['hostName'],
      unchecked: ['whether its name is available']
    }),
    item('changed', {
      action: 'change',
      changes: [{ property: 'tags.team', before: undefined, after: 'iot' }]
    }),
    item('along', { action: 'remove', with: 'Resource group' }),
    item('removed', { action: 'remove' }),
    item('stopped', { action: 'cannot', problems: [{ what: 'it is foreign', advice: 'Rename.' }] })
  ],
  unmanaged: []
}

const RUN = { origin: { ...report().origin, run: 'https://github.com/o/r/actions/runs/17' } }

describe('a plan', () => {
  it('has what matters most first in the log', () => {
    const names = planLines(PLAN).map(({ text }) => /Thing (\w+)/.exec(text)?.[1])
    expect(names).toEqual(['stopped', 'removed', 'along', 'changed', 'made', 'synced', 'kept'])
  })

  it('says the same in Markdown, where only changes are', () => {
    expect(changesMarkdown(PLAN)).toBe(
      [
        '- ➖ **remove** Thing `removed`',
        '- ➖ **remove** Thing `along`: goes with the Resource group',
        '- ✏️ **change** Thing `changed`',
        '  - tags.team: absent → "iot"',
        '- ➕ **create** Thing `made`',
        '  - sku.name: "S1"',
        '  - known after apply: hostName',
        '  - not checked: whether its name is available',
        '- 🔑 **act** Thing `synced`: hub lacks `ca`'
      ].join('\n')
    )
  })
})

describe('a headline', () => {
  it.each([
    ['PlanError', '❌ Azure IoT · `main` · nothing was changed in 1 min 30 s'],
    ['DeadlineError', '❌ Azure IoT · `main` · out of time after 1 min 30 s'],
    ['CancelledError', '❌ Azure IoT · `main` · cancelled after 1 min 30 s'],
    ['Error', '❌ Azure IoT · `main` · IoT hub failed in 1 min 30 s']
  ])('of a run that ends with %s says how it ended', (name, text) => {
    const error = Object.assign(new Error('no'), { name })
    expect(headline(report({ error, results: [result('/x/h', 'failed')] }))).toBe(text)
  })
})

describe('a comment', () => {
  const results = Array.from({ length: 150 }, (_, at) => result(`/x/${'hub'.repeat(20)}-${at}`))
  const full = summaryMarkdown(report({ ...RUN, results, plan: PLAN, dryRun: true }), 60_000, true)

  it('links to the run, and leaves the rest to it', () => {
    expect(full).toContain('[The summary of the run](https://github.com/o/r/actions/runs/17)')
    expect(full).toContain('<b>What was done</b>')
    expect(full).not.toContain('Resource IDs')
  })

  it('that is too long ends with a section, and keeps its link', () => {
    const limit = 5_000
    const cut = summaryMarkdown(report({ ...RUN, results, plan: PLAN, dryRun: true }), limit, true)
    expect(cut.length).toBeLessThanOrEqual(limit)
    expect(cut).toContain('[The summary of the run](')
    expect(cut).toMatch(
      /### What is to be done\n[\s\S]*: hub lacks `ca`\n\n… the rest is in the log\.\n$/
    )
  })
})

it('facts are rows with headers of their own, whatever Azure calls them', () => {
  const ids = { 'hub-hostname': '<b>|`@octocat' }
  expect(summaryMarkdown(report({ ids }))).toContain(
    '<tr><th align="left" scope="row">Hub</th><td><code>&lt;b&gt;|`@octocat</code></td></tr>'
  )
})

it.each([
  ['/subscriptions/s/resourceGroups/g/providers/A.B/hubs/h', 'h'],
  ['/subscriptions/s/resourceGroups/g/providers/A.B/spaces/n/certificateAuthorities', 'n'],
  ['/subscriptions/s/resourceGroups/g/providers/A.B/dps/d#hub', 'hub'],
  ['/subscriptions/s', 's']
])('%s is called %s', (id, name) => {
  expect(nameOf(id)).toBe(name)
})
