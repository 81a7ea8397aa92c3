/** Lines that GitHub shows at once. */
export const SCREEN = 40

/** The lines of a log that a person sees without a click and without debugging; the title of a group is one. */
export function openLines(log: string): readonly string[] {
  const folded = log.replace(/^(::group::.*)$[\s\S]*?^::endgroup::$/gm, '$1')
  // Outside of GitHub the outputs, which machines read, are in the log.
  const hidden = /^::(debug|add-mask|set-output)/
  return folded.split('\n').filter((line) => line !== '' && !hidden.test(line))
}
