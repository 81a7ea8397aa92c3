import { createRequire } from 'node:module'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { timeline } from '../../../src/report/timeline.ts'
import { result } from './sample.ts'

interface Mermaid {
  initialize(config: object): void
  parse(text: string): Promise<{ readonly diagramType: string }>
  render(id: string, text: string): Promise<{ readonly svg: string }>
}

interface Page {
  readonly window: {
    readonly document: unknown
    readonly CSSStyleSheet: unknown
    readonly SVGElement: { prototype: object }
  }
}

// jsdom brings no types, and those made for it would bring the whole DOM into the project.
const { JSDOM } = createRequire(import.meta.url)('jsdom') as { JSDOM: new (html: string) => Page }

/** The one that GitHub was last seen on, and the newest. */
const MERMAIDS = [
  ['11', () => import('mermaid-11')],
  ['12', () => import('mermaid')]
] as const

const SECOND = 1_000
const HOUR = 3_600 * SECOND

const globals = globalThis as unknown as Record<string, unknown>

beforeAll(() => {
  const { window } = new JSDOM('<!doctype html><body></body>')
  globals.window = window
  globals.document = window.document
  globals.CSSStyleSheet = window.CSSStyleSheet
  // jsdom lays nothing out; the size of a label does not matter to a bar.
  Object.assign(window.SVGElement.prototype, {
    getBBox: () => ({ x: 0, y: 0, width: 10, height: 10 }),
    getComputedTextLength: () => 10
  })
})
afterAll(() => {
  delete globals.window
  delete globals.document
  delete globals.CSSStyleSheet
})

/** Bars and axis as drawn: milliseconds, told from the pixels by the longest bar, which begins at zero. */
async function drawn(mermaid: Mermaid, chart: string, longest: number) {
  const { svg } = await mermaid.render(`chart${Math.random().toString(36).slice(2)}`, chart)
  const rects = [...svg.matchAll(/<rect\b[^>]*>/g)].map(([tag]) => tag)
  const number = (tag: string, name: string) =>
    Number(new RegExp(` ${name}="([^"]+)"`).exec(tag)?.[1])
  const bars = rects.filter((tag) => / class="task /.test(tag))
  const all = bars.map((tag) => ({ x: number(tag, 'x'), width: number(tag, 'width') }))
  const origin = Math.min(...all.map(({ x }) => x))
  const perPixel = longest / Math.max(...all.map(({ width }) => width))
  return {
    bars: all.map(({ x, width }) => [(x - origin) * perPixel, (x - origin + width) * perPixel]),
    axis: [...svg.matchAll(/<g class="tick"[\s\S]*?<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) =>
      Number(text)
    )
  }
}

describe.each(MERMAIDS)('the timeline, drawn by Mermaid %s', (_version, load) => {
  let mermaid: Mermaid
  beforeAll(async () => {
    mermaid = ((await load()) as { default: Mermaid }).default
    mermaid.initialize({ startOnLoad: false, gantt: { useWidth: 1_000 } })
  })

  it.each([
    ['seconds', SECOND],
    ['minutes', 60 * SECOND],
    ['hours', HOUR]
  ])('has each bar begin and end when its step did, over %s', async (_name, unit) => {
    const spans = [
      [0, 5 * unit],
      [2 * unit, 3 * unit],
      [3.25 * unit, 4.75 * unit]
    ] as const
    const chart = timeline(spans.map(([from, to]) => result(`/x/hub-${from}`, 'created', from, to)))
    const { bars, axis } = await drawn(mermaid, chart ?? '', 5 * unit)
    expect(bars).toHaveLength(spans.length)
    for (const [index, [from, to]] of spans.entries()) {
      // Mermaid places bars by whole pixels.
      expect(Math.abs((bars[index]?.[0] ?? Number.NaN) - from)).toBeLessThan(unit / 50)
      expect(Math.abs((bars[index]?.[1] ?? Number.NaN) - to)).toBeLessThan(unit / 50)
    }
    // Whatever the reader's time zone: seconds since the start, rising, and not beyond the end.
    expect(axis.length).toBeGreaterThan(2)
    expect(axis).toEqual([...axis].sort((a, b) => a - b))
    expect(axis[0]).toBeGreaterThanOrEqual(0)
    expect(axis.at(-1)).toBeLessThanOrEqual((5 * unit) / SECOND)
    expect(axis.at(-1)).toBeGreaterThan((3 * unit) / SECOND)
  })

  it('can be read whatever a resource is called', async () => {
    const chart = timeline([
      result('/x/hub-1'),
      result('/x/a:b;c,d#e%%{init}', 'failed', 3_000, 9_000),
      result('/x/instant', 'unchanged', 5, 5)
    ])
    expect(await mermaid.parse(chart ?? '')).toMatchObject({ diagramType: 'gantt' })
    expect(chart).not.toContain('instant')
    await expect(mermaid.parse('gantt\n  no such thing')).rejects.toThrow()
  })
})

describe('the timeline', () => {
  it('is left out when nothing took any time', () => {
    expect(timeline([result('/x/h', 'unchanged', 5, 5)])).toBeUndefined()
  })

  it.each([
    [['IoT hub'], ['/x/hub-1'], ['IoT hub']],
    [
      ['IoT hub', 'IoT hub'],
      ['/x/h-a', '/x/h-b'],
      ['IoT hub h-a', 'IoT hub h-b']
    ],
    [
      ['IoT hub', 'IoT hub'],
      ['/x/hub-feature-login-2f3k-north', '/x/hub-feature-login-2f3k-south'],
      ['IoT hub …-login-2f3k-north', 'IoT hub …-login-2f3k-south']
    ],
    [['Roles of the identity on the namespace'], ['/x/n'], ['Roles of identity on name…']]
  ])('labels %j in a third of its width at most', (kinds, resources, labels) => {
    const results = kinds.map((kind, index) => {
      const one = result(resources[index] ?? '', 'created', 0, 1_000)
      return { ...one, step: { ...one.step, kind } }
    })
    const rows = timeline(results)?.split('\n').slice(-kinds.length)
    expect(rows?.map((row) => row.split(' :')[0]?.trim())).toEqual(labels)
  })
})
