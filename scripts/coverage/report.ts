import type { Profiler } from 'node:inspector'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'acorn'
import convert from 'ast-v8-to-istanbul'
import istanbul, { type CoverageMap, type FileCoverage } from 'istanbul-lib-coverage'
import type { Source } from './bundleFile.ts'

/** Percent of all lines, and of all branches, that some test has to go through. */
export const LEAST = { lines: 95, branches: 90 } as const

/**
 * Lays what V8 counted onto the lines and branches of the sources.
 *
 * @param root of the repository
 * @param counted by path of the source; a source that is absent was never loaded
 */
export async function coverageMap(
  root: string,
  sources: ReadonlyMap<string, Source>,
  counted: ReadonlyMap<string, Profiler.ScriptCoverage>
): Promise<CoverageMap> {
  const map = istanbul.createCoverageMap()
  for (const [file, { code }] of sources) {
    const { functions } = counted.get(file) ?? neverLoaded(code.length)
    map.merge(
      await convert({
        code,
        ast: parse(code, { ecmaVersion: 'latest', sourceType: 'module', locations: true }),
        coverage: { url: pathToFileURL(path.join(root, file)).href, functions }
      })
    )
  }
  return map
}

function neverLoaded(endOffset: number): Pick<Profiler.ScriptCoverage, 'functions'> {
  const ranges = [{ startOffset: 0, endOffset, count: 0 }]
  return { functions: [{ functionName: '', isBlockCoverage: true, ranges }] }
}

/** One line for each file with something that no test goes through, then the totals against their bounds. */
export function reportLines(root: string, map: CoverageMap): readonly string[] {
  const files = map.files().map((file) => map.fileCoverageFor(file))
  const { lines, branches } = map.getCoverageSummary()
  return [
    ...files.flatMap((file) => fileLine(root, file) ?? []),
    `Lines: ${lines.pct} % of ${lines.total} (at least ${LEAST.lines} %)`,
    `Branches: ${branches.pct} % of ${branches.total} (at least ${LEAST.branches} %)`
  ]
}

/** True when lines and branches reach their bounds. */
export function isEnough(map: CoverageMap): boolean {
  const { lines, branches } = map.getCoverageSummary()
  return lines.pct >= LEAST.lines && branches.pct >= LEAST.branches
}

function fileLine(root: string, file: FileCoverage): string | undefined {
  const lines = file.getUncoveredLines()
  const branches = uncoveredBranches(file)
  if (lines.length === 0 && branches.length === 0) return undefined
  return [
    `${path.relative(root, file.path)}:`,
    lines.length > 0 && ` lines ${ranges(lines.map(Number))}`,
    branches.length > 0 && ` branches ${branches.join(', ')}`
  ]
    .filter(Boolean)
    .join('')
}

/** Each as line and column, as editors count them. */
function uncoveredBranches({ branchMap, b }: FileCoverage): readonly string[] {
  return Object.entries(branchMap).flatMap(([id, { locations, loc }]) =>
    locations.flatMap((location, way) => {
      if (b[id]?.[way] !== 0) return []
      // An `if` without `else` has no place for its second way.
      const { line, column } = location.start.line === undefined ? loc.start : location.start
      return `${line}:${column + 1}`
    })
  )
}

/** `3-5, 9` */
function ranges(numbers: readonly number[]): string {
  const found: [number, number][] = []
  for (const number of numbers) {
    const last = found.at(-1)
    if (last?.[1] === number - 1) last[1] = number
    else found.push([number, number])
  }
  return found.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')
}
