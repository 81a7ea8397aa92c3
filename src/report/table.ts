/** A table of GitHub's Markdown. @param rows cells that are safe already */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  return [titles, titles.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')
}

/** Facts, one a row, each titled by the header at its left, which Markdown has no notation for. @param facts HTML that is safe already */
export function factTable(facts: readonly (readonly [title: string, fact: string])[]): string {
  const rows = facts.map(
    ([title, fact]) => `<tr><th align="left" scope="row">${title}</th><td>${fact}</td></tr>`
  )
  return ['<table>', ...rows, '</table>'].join('\n')
}

/** A heading with a list, or nothing without lines. @param lines Markdown that is safe already */
export function list(title: string, lines: readonly string[]): string | undefined {
  return lines.length === 0
    ? undefined
    : [`### ${title}`, ...lines.map((line) => `- ${line}`)].join('\n')
}

/** What only some readers want: its title shows, and the rest on a click. @param title safe already */
export function folded(title: string, text: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${title}</summary>\n\n${text}\n\n</details>`
}

/** A chart that GitHub draws. @param chart Mermaid with labels that are safe already; nothing stays nothing */
export function mermaid(chart: string | undefined): string | undefined {
  return chart && ['```mermaid', chart, '```'].join('\n')
}
