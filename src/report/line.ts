/** What a line means, for whoever sees colours; its words say the same. */
export type Tone = 'good' | 'change' | 'bad' | 'aside' | 'strong'

/** One line of the log, or one with details indented below it. */
export interface Line {
  readonly text: string
  readonly tone?: Tone
}

/** Parameters of SGR (ECMA-48), of which GitHub's log shows the eight colours, bright black and bold. */
const SGR: Readonly<Record<Tone, number>> = { good: 32, change: 33, bad: 31, aside: 90, strong: 1 }

/** The same with a colour on what stands in front of two spaces, or on the first line where there are none. */
export function coloured(text: string, tone: Tone | undefined): string {
  if (tone === undefined) return text
  const paint = (head: string) => `\u001b[${SGR[tone]}m${head}\u001b[0m`
  return text.replace(
    /^( *)(\S+(?: \S+)*)/,
    (_, indent: string, head: string) => indent + paint(head)
  )
}
