import { forMermaid } from '../text/sanitize.ts'
import { type Node, Nodes } from './pictureNodes.ts'
import type { Report } from './report.ts'
import { LOOKS, type Standing, standings } from './standings.ts'

/** Light fills with dark letters: legible on a light page and on a dark one. */
const COLOURS: Readonly<Record<(typeof LOOKS)[number], string>> = {
  new: 'fill:#dafbe1,stroke:#1a7f37,color:#1f2328',
  changed: 'fill:#fff8c5,stroke:#9a6700,color:#1f2328',
  same: 'fill:#f6f8fa,stroke:#59636e,color:#1f2328',
  gone: 'fill:#eaeef2,stroke:#59636e,color:#59636e,stroke-dasharray:2 3',
  failed: 'fill:#ffebe9,stroke:#d1242f,color:#1f2328,stroke-width:3px',
  open: 'fill:#ffffff,stroke:#59636e,color:#1f2328,stroke-dasharray:2 3',
  shared: 'fill:#ddf4ff,stroke:#0969da,color:#1f2328,stroke-dasharray:6 4'
}

/** Closer together and narrower than Mermaid draws by itself, to be read on a telephone; with room for the title of a frame. */
const CLOSE =
  '%%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 32, "padding": 8, "wrappingWidth": 110, "subGraphTitleMargin": {"top": 4, "bottom": 16}}}}%%'

/** Ids of what belongs to Device Registry. */
const REGISTRY = /^(?:namespace$|credential$|certificate-authority\/|policy\/)/

/** Ids of what issues. */
const PARENT = /^(?:credential$|certificate-authority\/)/

/**
 * A Mermaid flowchart of the environment: the namespace with its certificates, hubs, DPS, enrollment groups, and what ties
 * them. Undefined when nothing of that is known.
 */
export function picture(report: Report): string | undefined {
  if (report.operation === 'sweep') return undefined
  const all = standings(report)
  const scope = report.ids['dps-id-scope']
  const details = { ...report.details.details, ...(scope && { dps: `ID scope ${scope}` }) }
  const nodes = new Nodes(all, { details })
  if (nodes.all.length === 0) return undefined
  const registry = nodes.all.filter(({ family }) => REGISTRY.test(family))
  const others = nodes.all.filter((node) => !registry.includes(node))
  const used = LOOKS.filter((look) => nodes.all.some((node) => node.look === look))
  // An edge to the frame itself would be drawn across the boxes by Mermaid 11: the namespace is a box like any other.
  return [
    CLOSE,
    'flowchart TB',
    '  accTitle: The environment and how its parts stand',
    ...(registry.length > 0
      ? [
          '  subgraph adr["Device Registry"]',
          ...registry.map((node) => `    ${box(node)}`),
          '  end'
        ]
      : []),
    ...others.map((node) => `  ${box(node)}`),
    ...edges(all, nodes, report.details.issuedBy).map((edge) => `  ${edge}`),
    ...used.map((look) => `  classDef ${look} ${COLOURS[look]}`),
    ...(registry.length > 0 ? ['  style adr fill:transparent,stroke:#59636e'] : [])
  ].join('\n')
}

function box({ id, lines, look }: Node): string {
  return `${id}["${lines.map(forMermaid).join('<br/>')}"]:::${look}`
}

/** How Mermaid writes a line without words, and how it ends one with words. */
const ARROWS = {
  '--': { plain: '-->', end: '-->' },
  '-.': { plain: '-.->', end: '.->' },
  '==': { plain: '==>', end: '==>' }
} as const

interface Tie {
  readonly line: keyof typeof ARROWS
  readonly words?: string
}

/** Each tie once, whatever was drawn as one. */
function edges(
  all: readonly Standing[],
  nodes: Nodes,
  issuedBy: Readonly<Record<string, string>>
): readonly string[] {
  const found = new Map<string, string>()
  const said = new Set<string>()
  // The same words again, to the sibling of a box, would only crowd the picture: its line alone is enough.
  const tie = (from: string, { line, words }: Tie, to: string) => {
    const [a, b] = [nodes.idOf(from), nodes.idOf(to)]
    const between = `${a} ${line} ${b}`
    if (a === undefined || b === undefined || a === b || found.has(between)) return
    const saying = `${a} ${words} ${to.split('/')[0]}`
    const { plain, end } = ARROWS[line]
    const arrow = words === undefined || said.has(saying) ? plain : `${line} ${words} ${end}`
    said.add(saying)
    found.set(between, `${a} ${arrow} ${b}`)
  }
  const ids = new Set(all.map(({ step }) => step.id))
  const links = all.filter(({ step }) => step.id.startsWith('link/'))
  // Where the DPS has a link of its own, it is the namespace that links; else it is the DPS.
  const byNamespace = links.some(({ step }) => !ids.has(hubOf(step.id)))
  for (const { step, word } of all) {
    const { id } = step
    if (/^(?:certificate-authority|policy)\//.test(id) || id === 'credential') {
      // A namespace has what has no other parent.
      const parents = step.needs.map((need) => need.id).filter((need) => PARENT.test(need))
      for (const parent of parents.length > 0 ? parents : ['namespace'])
        tie(parent, { line: '--' }, id)
    } else if (id.startsWith('enrollment-group/')) {
      tie(id, { line: '--' }, 'dps')
      const policy = issuedBy[id]
      if (policy !== undefined) tie(id, { line: '-.', words: 'issued by' }, policy)
    } else if (id.startsWith('link/')) {
      const target = ids.has(hubOf(id)) ? hubOf(id) : 'dps'
      tie(byNamespace ? 'namespace' : 'dps', { line: '--', words: label('link', word) }, target)
    } else if (id === 'sync') {
      for (const hub of ids)
        if (hub.startsWith('hub/'))
          tie('credential', { line: '==', words: label('sync', word) }, hub)
    }
  }
  return [...found.values()]
}

/** What an edge says of itself, one below the other; what is as it was needs no word. */
function label(what: string, word: string): string {
  return word === 'unchanged' ? what : `"${what}<br/>${forMermaid(word)}"`
}

function hubOf(link: string): string {
  return link.replace(/^link\//, 'hub/')
}
