import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { TextDocument } from 'vscode-languageserver-textdocument'

// The package imports JSON as bundlers let it: without the attribute that Node asks for.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context)
})
const { registerLogger } = await import('@actions/languageservice/log')
const { validate } = await import('@actions/languageservice/validate')

const quiet = () => {}
// It only logs that it broke off, and then has no findings.
const fail = (message: string) => {
  throw new Error(`language service: ${message}`)
}
registerLogger({ error: fail, warn: quiet, info: quiet, log: quiet })

/**
 * What the service behind GitHub's own editor has to say of workflows and actions, a line for each finding.
 *
 * @param folder in which the texts lie, by their path there: it remembers what it has read by its address
 */
export async function findingsOf(
  folder: string,
  texts: Readonly<Record<string, string>>
): Promise<readonly string[]> {
  const fileProvider = {
    getFileContent: async (asked: { readonly path: string }) => ({
      name: asked.path,
      content: texts[asked.path] ?? ''
    })
  }
  const findings: string[] = []
  for (const [path, text] of Object.entries(texts)) {
    const address = pathToFileURL(`${folder}/${path}`).href
    const document = TextDocument.create(address, 'yaml', 1, text)
    for (const { message, range } of await validate(document, { fileProvider }))
      findings.push(`${path}:${range.start.line + 1}: ${message}`)
  }
  return findings
}
