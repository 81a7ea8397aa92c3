import { forMermaid } from '../text/sanitize.ts'
import { Nodes } from './pictureNodes.ts'
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

/** Ids of what lies in a namespace. */
const INSIDE = /^(?:namespace$|credential$|certificate-authority\/|policy\/)/

/** Ids of what issues. */
const PARENT = /^(?:credential$|certificate-authority\/)/

/**
 * A Mermaid flowchart of the environment: the namespace with its certificates, hubs, DPS, enrollment groups, and what ties
 * them. Undefined when nothing of that is known.
 */
export function picture(report: Report): string | undefined {
  if (report.operation === 'sweep') return undefined
  const all = standings(report)
  const nodes = new Nodes(all, report.details)
  if (nodes.all.length === 0) return undefined
  const drawn = nodes.all.map((node) => ({
    node,
    line: `${node.id}["${node.lines.map(forMermaid).join('<br/>')}"]:::${node.look}`
  }))
  const inside = drawn.filter(({ node }) => INSIDE.test(node.family))
  const used = LOOKS.filter((look) => nodes.all.some((node) => node.look === look))
  return [
    'flowchart TB',
    '  accTitle: The environment and how its parts stand',
    ...(inside.length > 0
      ? ['  subgraph ns["in the namespace"]', ...inside.map(({ line }) => `    ${line}`), '  end']
      : []),
    ...drawn.filter((one) => !inside.includes(one)).map(({ line }) => `  ${line}`),
    ...edges(all, nodes, report.details.issuedBy).map((edge) => `  ${edge}`),
    ...used.map((look) => `  classDef ${look} ${COLOURS[look]}`),
    '  style ns fill:transparent,stroke:#59636e'
  ]
    .slice(0, inside.length > 0 ? undefined : -1)
    .join('\n')
}

/** Each tie once, whatever was drawn as one. */
function edges(
  all: readonly Standing[],
  nodes: Nodes,
  issuedBy: Readonly<Record<string, string>>
): readonly string[] {
  const found = new Set<string>()
  const tie = (from: string, arrow: string, to: string) => {
    const [a, b] = [nodes.idOf(from), nodes.idOf(to)]
    if (a !== undefined && b !== undefined && a !== b) found.add(`${a} ${arrow} ${b}`)
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
      for (const parent of parents.length > 0 ? parents : ['namespace']) tie(parent, '-->', id)
    } else if (id.startsWith('enrollment-group/')) {
      tie(id, '-->', 'dps')
      const policy = issuedBy[id]
      if (policy !== undefined) tie(id, '-. issued by .->', policy)
    } else if (id.startsWith('link/')) {
      const target = ids.has(hubOf(id)) ? hubOf(id) : 'dps'
      tie(byNamespace ? 'namespace' : 'dps', `-- link ${forMermaid(word)} -->`, target)
    } else if (id === 'sync') {
      for (const hub of ids)
        if (hub.startsWith('hub/')) tie('credential', `== sync ${forMermaid(word)} ==>`, hub)
    }
  }
  return [...found]
}

function hubOf(link: string): string {
  return link.replace(/^link\//, 'hub/')
}
