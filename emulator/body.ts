import type { IncomingMessage } from 'node:http'

/** Everything that a message carries, as text. */
export async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** A body as its type says; the text itself when it is not what it says. @returns undefined for none */
export function parsed(text: string, type: string | undefined): unknown {
  if (text === '') return undefined
  if (type?.includes('x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
