/** The known word that a misspelt one most likely stands for; undefined when none is close. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const plain = fold(word)
  let best: string | undefined
  let least = Math.max(2, Math.floor(plain.length / 3)) + 1
  for (const candidate of known) {
    const distance = edits(plain, fold(candidate), least)
    if (distance < least) [best, least] = [candidate, distance]
  }
  return best
}

/** `Dry_Run` and `dry run` are `dry-run` misspelt, not three edits away from it. */
const fold = (word: string) => word.toLowerCase().replace(/[_ ]/g, '-')

/** Levenshtein distance; words that differ in length by `enough` or more are not compared. */
function edits(a: string, b: string, enough: number): number {
  if (Math.abs(a.length - b.length) >= enough) return enough
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? enough
}
