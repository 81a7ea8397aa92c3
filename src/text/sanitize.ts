/**
 * Control characters, escape sequences of terminals included, and those that turn the direction of writing, so that a text
 * reads as another one; a line break is kept where a text may have several.
 */
const CONTROL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
  /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Characters of a line: what an annotation has room for, several times over, and more than anybody reads. */
const LONGEST_LINE = 4_000
/** Characters of an id or an address; ids of Azure have a few hundred. */
const LONGEST_CODE = 1_000

/** Lines of what somebody said: more than any reason of Azure's has. */
const MOST_LINES_SAID = 40
/** Lines and characters of a text that is made of several: thirty and more of the longest, and still to be read. */
const MOST_LINES = 1_000
const LONGEST_TEXT = 100_000

/**
 * What somebody said in humane length and number of lines, with how long it was. What stands at the cut goes as a whole
 * word, so that nothing is halved and taken for something else.
 */
export function brief(text: string, most = LONGEST_LINE, mostLines = MOST_LINES_SAID): string {
  const lines = text.split('\n', mostLines + 1)
  if (text.length <= most && lines.length <= mostLines) return text
  const start = lines.slice(0, mostLines).join('\n')
  const kept = start.slice(0, most)
  const whole = kept.length < start.length ? kept.replace(/\S+$/, '') : kept
  return `${whole.length > most / 2 ? whole : kept}… (${text.length} characters)`
}

/** Text from outside without what nobody can see, of humane length: each line, and the whole. */
export function humane(text: string): string {
  const lines = text.replace(CONTROL, '').split('\n')
  return brief(lines.map((line) => brief(line)).join('\n'), LONGEST_TEXT, MOST_LINES)
}

/**
 * Text from Azure or from a branch name, made safe for the log: the runner takes a line that begins with `::` for a
 * command, and `##[` wherever it stands.
 */
export function forLog(text: string): string {
  return humane(text)
    .split('\n')
    .map((line) => line.replace(/^(\s*)::/, '$1\u200b::').replaceAll('##[', '##\u200b['))
    .join('\n')
}

/** In a word that GitHub makes a link or a mention of, however it is escaped: an address, an account, an issue. */
const ALIVE = /:\/\/|www\.|@\w|#\d/i

/**
 * The same in one line, as a cell of a table, without any Markdown, HTML, link or mention left alive. What stands between
 * backticks is shown as code, in which nothing is.
 */
export function forMarkdown(text: string): string {
  const line = brief(text.replace(CONTROL, '').replace(/\s+/g, ' '))
  return line.replace(/`[^`|]+`|[^\s`|]+|[`|]/g, (word) => {
    if (word.length > 2 && word.startsWith('`')) return asCode(word.slice(1, -1))
    if (!ALIVE.test(word)) return escaped(word)
    // What ends a sentence is no part of an address that somebody copies.
    const [end = ''] = /[.,;:]*$/.exec(word) ?? []
    return asCode(word.slice(0, word.length - end.length)) + end
  })
}

function escaped(text: string): string {
  return text
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_[\]#!|~@$]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The same as inline code, which can be copied as it stands: for ids and the like. */
export function asCode(text: string): string {
  return `\`${brief(text.replace(CONTROL, ''), LONGEST_CODE).replace(/[`|\s]+/g, ' ')}\``
}

/** The same as HTML, for the tables that Markdown cannot write. */
export function asHtmlCode(text: string): string {
  return `<code>${forHtml(brief(text.replace(CONTROL, ''), LONGEST_CODE).replace(/\s+/g, ' '))}</code>`
}

/** Text or an attribute of HTML. */
export function forHtml(text: string): string {
  return text.replace(
    /[&<>"]/g,
    (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[character] ?? ''
  )
}

/** A label of a Mermaid chart, which gives colons, semicolons, commas and hashes a meaning. */
export function forMermaid(text: string): string {
  return brief(text, LONGEST_CODE)
    .replace(/[^\p{L}\p{N} ._/×-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
