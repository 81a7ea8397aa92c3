import { describe, expect, it } from '@jest/globals'
import { createLog } from '../../../src/report/log.ts'
import { OUTPUTS, outputsOf } from '../../../src/report/outputs.ts'
import { Progress } from '../../../src/report/progress.ts'
import { summaryMarkdown } from '../../../src/report/summary.ts'
import { checkLine, planLines } from '../../../src/report/text.ts'
import { forLog, forMarkdown } from '../../../src/text/sanitize.ts'
import { fakeStep } from '../engine/fakeStep.ts'
import { report, result } from './sample.ts'

function recordingCore() {
  const lines: string[] = []
  const core = {
    info: (text: string) => void lines.push(text),
    debug: (text: string) => void lines.push(`debug ${text}`),
    warning: (text: string) => void lines.push(`warning ${text}`),
    error: (text: string, properties?: { title?: string }) =>
      void lines.push(`error ${properties?.title}: ${text}`),
    startGroup: (text: string) => void lines.push(`group ${text}`),
    endGroup: () => void lines.push('end'),
    setSecret: (text: string) => void lines.push(`mask ${text}`)
  }
  return { core, lines }
}

/** As somebody reads it who sees no colours. */
function plainCore() {
  const { core, lines } = recordingCore()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
  const info = (text: string) => core.info(text.replace(/\u001b\[\d+m/g, ''))
  return { core: { ...core, info }, lines }
}

describe('sanitizing', () => {
  it.each(['::set-output name=x::y', '  ::add-mask::x', 'fine\n::error::gotcha', '##[group]x'])(
    'takes the life out of %j in the log',
    (text) => {
      expect(forLog(text)).not.toMatch(/^\s*(::|##\[)/m)
    }
  )

  it('removes control characters and colours', () => {
    expect(forLog('a\u001b[31mred\u001b[0m\u0007\rb')).toBe('aredb')
  })

  it.each([
    '<script>alert(1)</script>',
    '[x](javascript:y)',
    '![x](http://evil)',
    '@everyone',
    'a | b',
    '`code`',
    'a\n# b',
    '<!--'
  ])('shows %j in Markdown as plain text', (text) => {
    // What is code is shown as it stands.
    const safe = forMarkdown(text).replace(/`[^`\n]*`/g, '')
    expect(safe).not.toMatch(/[<>|`[\]@\n!]|^#(?!\d)/)
  })
})

describe('log', () => {
  it('does not mask what would blank the whole log', () => {
    const { core, lines } = recordingCore()
    createLog(core).mask('')
    createLog(core).mask('secret')
    expect(lines).toEqual(['mask secret'])
  })

  it('folds lines, and colours their heads after everything else is taken out', () => {
    const { core, lines } = recordingCore()
    createLog(core).fold('48 of 49\u001b[2J checks hold', [
      { text: 'ok       IoT hub\u001b[31m x', tone: 'good' },
      { text: '  + create     IoT hub x\n      location', tone: 'change' },
      { text: 'as it is' }
    ])
    expect(lines).toEqual([
      'group 48 of 49 checks hold',
      '\u001b[32mok\u001b[0m       IoT hub x',
      '  \u001b[33m+ create\u001b[0m     IoT hub x\n      location',
      'as it is',
      'end'
    ])
  })

  it('says in words what its colours say', () => {
    const step = fakeStep('a', new Map())
    const check = { step, what: 'is there', remedy: 'Make it.' }
    const lines = [
      checkLine({ ...check, holds: true }),
      checkLine({ ...check, holds: false }),
      checkLine({ ...check, holds: false, warning: true }),
      checkLine({ ...check, holds: false, unchecked: true })
    ]
    expect(lines.map(({ text, tone }) => [tone, text.split(/ {2,}/)[0]])).toEqual([
      ['good', 'ok'],
      ['bad', 'FAILED'],
      ['change', 'warning'],
      ['change', 'NOT CHECKED']
    ])
  })
})

describe('progress', () => {
  it('speaks after 15 s, then every minute, of all that runs and what it waits for', () => {
    const { core, lines } = plainCore()
    let now = 0
    const progress = new Progress(createLog(core), () => now)
    const hub = result('/x/hub-1').step
    progress.started(hub)
    for (now = 0; now <= 80_000; now += 1_000) {
      if (now === 5_000) progress.waiting(hub, 'Azure to create IoT hub')
      progress.tick()
    }
    expect(lines).toEqual([
      'still running  IoT hub (15 s: Azure to create it)',
      'still running  IoT hub (1 min 15 s: Azure to create it)'
    ])
    expect(progress.summary()).toBe('IoT hub hub-1 for 1 min 21 s, waiting for Azure to create it')
    const other = result('/x/hub-2').step
    progress.started(other)
    for (; now <= 140_000; now += 1_000) progress.tick()
    expect(lines[2]).toBe(
      'still running  IoT hub hub-1 (2 min 15 s: Azure to create it), IoT hub hub-2 (54 s)'
    )
    progress.ended(result('/x/hub-1'))
    expect(lines[3]).toBe('created      IoT hub hub-1 (41 s)')
  })
})

describe('plan text', () => {
  it('lists every step with what changes, what is not known yet and what is unmanaged', () => {
    const step = { ...fakeStep('a', new Map()), kind: 'Policy', resource: '/x/default' }
    const text = planLines({
      items: [
        {
          step,
          verdict: {
            action: 'change',
            changes: [{ property: 'tags.team', before: undefined, after: 'iot' }]
          }
        },
        { step, verdict: { action: 'create', unknown: ['subject'] } },
        {
          step,
          verdict: { action: 'cannot', problems: [{ what: 'is foreign', advice: 'rename it' }] }
        }
      ],
      unmanaged: [{ kind: 'Policy', resource: '/x/old' }]
    })
      .map((line) => line.text)
      .join('\n')
    // What stops the run comes first.
    expect(text).toMatch(/^ {2}x cannot[\s\S]*~ change[\s\S]*\+ create/)
    for (const part of [
      '~ change',
      'tags.team: absent → "iot"',
      '+ create',
      'known after apply: subject',
      'is foreign',
      'rename it',
      'Policy old'
    ]) {
      expect(text).toContain(part)
    }
  })
})

describe('summary', () => {
  it('tells what happened as far as there is room, and never leaves it out', () => {
    const error = new Error('first [line]\n'.repeat(1_000))
    const text = summaryMarkdown(report({ error }), 10_000)
    expect(text).toContain('### What happened\n> first &#91;line&#93;  \n> first')
    expect(text).toContain('> … the rest is in the log.')
    expect(text.length).toBeLessThan(10_000)
  })

  it('says what was done and how long it took, with the id of each resource', () => {
    const text = summaryMarkdown(report({ results: [result('/subscriptions/s/hubs/h')] }))
    expect(text).toContain('✅ Azure IoT · `main` · 1 created in 1 min 30 s')
    expect(text).toContain('| ➕ created | IoT hub `h` | 41 s |')
    expect(text).toContain('- IoT hub, created: `/subscriptions/s/hubs/h`')
  })

  it('says what failed', () => {
    expect(summaryMarkdown(report({ error: new Error('no\nWhat to do: x') }))).toContain(
      '> What to do: x'
    )
  })

  it('stays below what GitHub takes', () => {
    const results = Array.from({ length: 20_000 }, (_, index) =>
      result(`/subscriptions/s/hubs/hub-${index}`)
    )
    expect(Buffer.byteLength(summaryMarkdown(report({ results })))).toBeLessThan(1024 * 1024)
  })
})

describe('outputs', () => {
  it('emits ids however the run ended', () => {
    const outputs = outputsOf(report({ ids: { 'hub-id': '/x' }, error: new Error('late failure') }))
    expect(outputs['hub-id']).toBe('/x')
    expect(JSON.parse(outputs.result ?? '')).toMatchObject({
      version: 1,
      succeeded: false,
      error: 'late failure'
    })
  })

  it('tells whether anything was changed, and in a dry run whether it would be', () => {
    const step = fakeStep('a', new Map())
    const plan = { items: [{ step, verdict: { action: 'create' as const } }], unmanaged: [] }
    expect(outputsOf(report({ results: [result('/x', 'unchanged')] })).changed).toBe('false')
    expect(outputsOf(report({ results: [result('/x', 'changed')] })).changed).toBe('true')
    expect(outputsOf(report({ plan, dryRun: true })).changed).toBe('true')
  })

  it('emits nothing that is not declared', () => {
    expect(
      Object.keys(outputsOf(report())).filter(
        (name) => !(OUTPUTS as readonly string[]).includes(name)
      )
    ).toEqual([])
  })
})
