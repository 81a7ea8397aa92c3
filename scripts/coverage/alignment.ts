/** Columns of a line, by columns of what was made of it. */
export interface Alignment {
  /** Where what starts in this column starts in the original. */
  startOf(column: number): number
  /** Where what ends before this column ends in the original. */
  endOf(column: number): number
}

/** Both are the same up to here. */
interface Match {
  readonly made: number
  readonly original: number
  readonly length: number
}

/**
 * Lays a line beside what webpack made of it, which maps lines but not columns: it replaces names of other modules, and takes
 * `export` away. What is not in both belongs to the gap between its neighbours.
 */
export function align(made: string, original: string): Alignment {
  const matches = matchesOf(pieces(made), pieces(original))
  return {
    startOf(column) {
      const before = matches.findLast((match) => match.made <= column)
      return before === undefined
        ? 0
        : before.original + Math.min(column - before.made, before.length)
    },
    endOf(column) {
      const after = matches.find(({ made: start, length }) => start + length >= column)
      return after === undefined
        ? original.length
        : after.original + Math.max(0, column - after.made)
    }
  }
}

interface Piece {
  readonly text: string
  readonly column: number
}

function pieces(line: string): readonly Piece[] {
  return [...line.matchAll(/\w+|\s+|[^\w\s]/g)].map(({ 0: text, index }) => ({
    text,
    column: index
  }))
}

/** The longest sequence of pieces that both have. */
function matchesOf(made: readonly Piece[], original: readonly Piece[]): readonly Match[] {
  // How long it is from these two pieces on.
  const longest = Array.from({ length: made.length + 1 }, () =>
    new Array<number>(original.length + 1).fill(0)
  )
  const at = (i: number, j: number) => longest[i]?.[j] ?? 0
  for (let i = made.length - 1; i >= 0; i--) {
    for (let j = original.length - 1; j >= 0; j--) {
      const row = longest[i] as number[]
      row[j] =
        made[i]?.text === original[j]?.text
          ? at(i + 1, j + 1) + 1
          : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const matches: Match[] = []
  for (let i = 0, j = 0; i < made.length && j < original.length; ) {
    const [mine, theirs] = [made[i] as Piece, original[j] as Piece]
    if (mine.text === theirs.text && at(i, j) === at(i + 1, j + 1) + 1) {
      matches.push({ made: mine.column, original: theirs.column, length: mine.text.length })
      i++
      j++
    } else if (at(i + 1, j) >= at(i, j + 1)) i++
    else j++
  }
  return matches
}
