import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { marked } from 'marked'

const require = createRequire(import.meta.url)

/** As much of GitHub's style sheet for Markdown as decides where lines break and what overflows. */
const STYLE = `
  body { margin: 0; padding: 24px; font: 16px/1.5 "Noto Sans", Helvetica, Arial, sans-serif; overflow-wrap: break-word; }
  body.light { color: #1f2328; background: #fff; } body.dark { color: #f0f6fc; background: #0d1117; }
  table { display: block; width: max-content; max-width: 100%; overflow: auto; border-spacing: 0; border-collapse: collapse; }
  th, td { padding: 6px 13px; border: 1px solid #8888; }
  code { font: 85% monospace; white-space: break-spaces; padding: .2em .4em; background: #8882; border-radius: 6px; }
  .mermaid svg { max-width: 100%; height: auto; } a { color: #4493f8; }
  details { margin: 8px 0; } blockquote { margin: 0; padding: 0 1em; border-left: .25em solid #8888; }`

/** One way to look at a summary. */
export interface View {
  /** Package: the release that GitHub was last seen on, and the newest. */
  readonly mermaid: 'mermaid-11' | 'mermaid'
  readonly theme: 'light' | 'dark'
  /** Pixels: a telephone, and the column of GitHub's job summary. */
  readonly width: 360 | 900
}

/** Four that have each value together with each of the others: all eight show nothing more, and take twice the time. */
const VIEWS: readonly View[] = [
  { mermaid: 'mermaid-11', theme: 'light', width: 360 },
  { mermaid: 'mermaid-11', theme: 'dark', width: 900 },
  { mermaid: 'mermaid', theme: 'dark', width: 360 },
  { mermaid: 'mermaid', theme: 'light', width: 900 }
]

/** A page that shows a summary in each view, side by side, and ends with what each measured, as JSON. */
export function page(markdown: string): string {
  const frames = VIEWS.map(
    (view) => `<iframe width="${view.width}" srcdoc="${attribute(frame(markdown, view))}"></iframe>`
  )
  return `<!doctype html><meta charset="utf-8"><style>body { margin: 0; display: flex; gap: 4px; background: #888; } iframe { border: 0; flex: none; }</style>
<body>${frames.join('')}<script>
  const found = []
  function report(one) {
    found.push(one)
    if (found.length < ${VIEWS.length}) return
    // A frame is as high as what is in it, for the screenshot.
    for (const frame of document.querySelectorAll('iframe')) frame.height = frame.contentDocument.documentElement.scrollHeight
    const json = document.createElement('script')
    json.type = 'application/json'
    json.id = 'found'
    json.textContent = JSON.stringify(found)
    document.body.append(json)
  }
</script>`
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function frame(markdown: string, view: View): string {
  const { mermaid, theme } = view
  const html = (marked.parse(markdown, { async: false, gfm: true }) as string)
    .replace(/<pre><code class="language-mermaid">/g, '<pre class="mermaid">')
    .replaceAll('</code></pre>', '</pre>')
  const library = require.resolve(mermaid).replace(/mermaid\.core\.mjs$/, 'mermaid.min.js')
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body class="${theme}">${html}
<script src="${pathToFileURL(library)}"></script>
<script>
  const folded = [...document.querySelectorAll('details:not([open])')]
  // What is hidden has no size to be drawn at.
  for (const one of folded) one.open = true
  mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' })
  mermaid.run().then(() => '', (error) => String(error && error.message || error)).then((error) => {
    const width = document.documentElement.clientWidth
    const all = (selector) => [...document.querySelectorAll(selector)]
    const box = (one) => one.getBoundingClientRect()
    const nodes = all('svg .node')
    const charts = all('svg.flowchart')
    const wide = all('body *').filter((one) => !one.closest('svg') && box(one).right > width + 1)
    const scrolling = all('table').filter((one) => one.scrollWidth > one.clientWidth + 1)
    const spills = nodes.filter((node) => {
      const [frame, text] = [node.querySelector('rect'), node.querySelector('.nodeLabel')].map(box)
      return text.left < frame.left - 1 || text.right > frame.right + 1 || text.bottom > frame.bottom + 1
    })
    const cut = all('svg text').filter((text) => {
      const [frame, own] = [text.closest('svg'), text].map(box)
      return own.width > 0 && (own.left < frame.left - 1 || own.right > frame.right + 1)
    })
    const overlap = (a, b) => {
      const [one, other] = [a, b].map(box)
      return one.left < other.right - 1 && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1
    }
    const overlapping = nodes.filter((node) => nodes.some((other) =>
      other !== node && other.closest('svg') === node.closest('svg') && overlap(node, other)))
    // A box is drawn over what lies behind it.
    const hidden = all('svg .edgeLabel .label').filter((label) => label.textContent.trim() !== '' &&
      nodes.some((node) => node.closest('svg') === label.closest('svg') && overlap(node.querySelector('rect'), label)))
    const ids = all('svg, svg [id]').map((one) => one.id).filter((id) => id !== '')
    const found = {
      view: ${JSON.stringify(view)},
      error,
      emoji: drawnInColour('✅'),
      overflow: wide.map((one) => one.tagName).concat(scrolling.map(() => 'scrolling TABLE')),
      cut: spills.concat(cut).map((one) => one.textContent),
      overlapping: overlapping.concat(hidden).map((one) => one.textContent),
      doubleIds: ids.filter((id, at) => ids.indexOf(id) !== at),
      letters: Math.min(16, ...charts.map((svg) => 16 * box(svg).width / svg.viewBox.baseVal.width)),
      bars: all('svg rect.task').length,
      nodes: nodes.length,
      edges: all('svg .edgePaths path').length
    }
    for (const one of folded) one.open = false
    parent.report(found)
  })
  // Without a font for it, a sign is a box in the colour of the text.
  function drawnInColour(sign) {
    const context = document.createElement('canvas').getContext('2d')
    context.font = '40px sans-serif'
    context.fillText(sign, 0, 40)
    const { data } = context.getImageData(0, 0, 60, 60)
    return data.some((_, at) => at % 4 === 0 && Math.abs(data[at] - data[at + 1]) > 40)
  }
</script>`
}
