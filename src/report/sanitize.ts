/** Control characters, escape sequences of terminals included; a line break is kept where a text may have several. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go.
const CONTROL = /\u001b\[[0-9;]*[A-Za-z]|[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g

/**
 * Text from Azure or from a branch name, made safe for the log: the runner takes a line that begins with `::` for a
 * command, and `##[` wherever it stands.
 */
export function forLog(text: string): string {
  return text
    .replace(CONTROL, '')
    .split('\n')
    .map((line) => line.replace(/^(\s*)::/, '$1\u200b::').replaceAll('##[', '##\u200b['))
    .join('\n')
}

/** The same in one line, as a cell of a table, without any Markdown, HTML or mention left alive. */
export function forMarkdown(text: string): string {
  return text
    .replace(CONTROL, '')
    .replace(/\s+/g, ' ')
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_[\]#!|~@$]/g, (character) => `&#${character.charCodeAt(0)};`)
}

/** The same as inline code, which can be copied as it stands: for ids and the like. */
export function asCode(text: string): string {
  return `\`${text.replace(CONTROL, '').replace(/[`|\s]+/g, ' ')}\``
}

/** A label of a Mermaid chart, which gives colons, semicolons, commas and hashes a meaning. */
export function forMermaid(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} ._/-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
