import type { Node } from 'yaml'
import type { Report } from '../problems.ts'
import type { Place, Yaml } from './fields.ts'
import { CONFIG, type Config } from './shape.ts'

/** Characters; twenty hubs and groups take a tenth of it, and a parser is kept from what only costs time. */
export const LONGEST = 256 * 1024

/** What the config file says; everything that is wrong with it is reported with its line. */
export function readConfig(
  path: string | undefined,
  { file, yaml }: { readonly file: (path: string) => string; readonly yaml?: Yaml | undefined },
  report: Report
): Config {
  if (path === undefined) return {}
  if (yaml === undefined) throw new Error('a config file is given, and nothing to read it with')
  let text: string
  try {
    text = file(path)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : undefined
    report(
      'config',
      path,
      why === undefined
        ? String(error instanceof Error ? error.message : error)
        : `cannot be read (${why}); the path is relative to the workspace, and the job must check the repository out first`
    )
    return {}
  }
  if (text.length > LONGEST) {
    report('config', path, `is too large: at most ${LONGEST} characters`)
    return {}
  }
  const lines = new yaml.LineCounter()
  const place: Place = {
    yaml,
    lines,
    report(node, value, rule) {
      const at = node?.range ? lines.linePos(node.range[0]).line : 1
      report(`config (${path}, line ${at})`, value, rule)
    }
  }
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false })
  for (const { pos, message } of document.errors) {
    report(`config (${path}, line ${lines.linePos(pos[0]).line})`, undefined, message)
  }
  if (document.errors.length > 0) return {}
  const contents = document.contents as Node | null
  if (contents === null) return {}
  const { node: _whole, ...config } = CONFIG.read(contents, place) ?? { node: contents }
  return config
}
