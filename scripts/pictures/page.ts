import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
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

/** A summary as a page that draws its charts and writes what it measured into its title. */
export function page(
  markdown: string,
  mermaid: 'mermaid' | 'mermaid-11',
  theme: 'light' | 'dark'
): string {
  const html = (marked.parse(markdown, { async: false, gfm: true }) as string)
    .replace(/<pre><code class="language-mermaid">/g, '<pre class="mermaid">')
    .replaceAll('</code></pre>', '</pre>')
  const library = readFileSync(
    require.resolve(mermaid).replace(/mermaid\.core\.mjs$/, 'mermaid.min.js'),
    'utf8'
  ).replaceAll('</script', '<\\/script')
  return `<!doctype html><meta charset="utf-8"><style>${STYLE}</style><body class="${theme}">${html}
<script>${library}</script>
<script>
  const folded = [...document.querySelectorAll('details:not([open])')]
  // What is hidden has no size to be drawn at.
  for (const one of folded) one.open = true
  mermaid.initialize({ startOnLoad: false, theme: '${theme === 'dark' ? 'dark' : 'default'}' })
  mermaid.run().then(() => '', (error) => String(error && error.message || error)).then((error) => {
    const width = document.documentElement.clientWidth
    const wide = [...document.querySelectorAll('body *')]
      .filter((one) => !one.closest('svg') && one.getBoundingClientRect().right > width + 1)
    const cut = [...document.querySelectorAll('svg .node')].filter((node) => {
      const box = node.querySelector('rect').getBoundingClientRect()
      const text = node.querySelector('.nodeLabel').getBoundingClientRect()
      return text.left < box.left - 1 || text.right > box.right + 1 || text.bottom > box.bottom + 1
    })
    const found = {
      error,
      overflow: wide.map((one) => one.tagName).concat(
        [...document.querySelectorAll('table')].filter((one) => one.scrollWidth > one.clientWidth + 1).map(() => 'scrolling TABLE')),
      cut: cut.map((node) => node.textContent),
      bars: document.querySelectorAll('svg rect.task').length,
      nodes: document.querySelectorAll('svg .node').length,
      edges: document.querySelectorAll('svg .edgePaths path').length
    }
    for (const one of folded) one.open = false
    const json = document.createElement('script')
    json.type = 'application/json'
    json.id = 'found'
    json.textContent = JSON.stringify(found)
    document.body.append(json)
  })
</script>`
}
