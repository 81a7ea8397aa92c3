import type { Profiler } from 'node:inspector'
import type { BundleFile, Extent } from './bundleFile.ts'

type FunctionCoverage = Profiler.FunctionCoverage
type Range = Profiler.CoverageRange

/**
 * Turns what V8 counted in a file of the bundle into what it would have counted in the sources, had they run by themselves.
 *
 * @returns one for each source that is in the file, with its path as `url`
 */
export function ofSources(
  file: BundleFile,
  functions: readonly FunctionCoverage[]
): readonly Profiler.ScriptCoverage[] {
  const own = new Map<Extent, FunctionCoverage[]>(file.extents.map((extent) => [extent, []]))
  const webpacks: FunctionCoverage[] = []
  for (const one of functions) {
    const [whole] = one.ranges
    const extent = whole && file.extentAt(whole.startOffset)
    if (extent && whole.endOffset <= extent.end) own.get(extent)?.push(...translated(file, one))
    else webpacks.push(one)
  }
  return [...own].map(([extent, inner]) => ({
    scriptId: '0',
    url: extent.source,
    functions: [moduleOf(file, extent, webpacks), ...inner]
  }))
}

function translated(
  file: BundleFile,
  { ranges: [whole, ...blocks], ...others }: FunctionCoverage
): readonly FunctionCoverage[] {
  const range = whole && translate(file, whole)
  // Webpack's own, such as the getters of an export, come from nowhere.
  return range === undefined ? [] : [{ ...others, ranges: [range, ...translateAll(file, blocks)] }]
}

/** What runs when the source is loaded: webpack puts it into a function with that of other sources. */
function moduleOf(
  file: BundleFile,
  extent: Extent,
  webpacks: readonly FunctionCoverage[]
): FunctionCoverage {
  const contains = ({ startOffset, endOffset }: Range) =>
    startOffset <= extent.start && endOffset >= extent.end
  const [ranges = []] = webpacks
    .map((one) => one.ranges)
    .filter(([whole]) => whole !== undefined && contains(whole))
    .sort(([a], [b]) => sizeOf(a) - sizeOf(b))
  const inside = ranges.filter(
    (range) =>
      range.startOffset >= extent.start && range.endOffset <= extent.end && !contains(range)
  )
  // Outer ones come before those in them.
  const count = ranges.findLast(contains)?.count ?? 0
  return {
    functionName: '',
    isBlockCoverage: true,
    ranges: [
      { startOffset: 0, endOffset: file.lengthOf(extent), count },
      ...translateAll(file, inside)
    ]
  }
}

function translateAll(file: BundleFile, ranges: readonly Range[]): Range[] {
  return ranges.flatMap((range) => translate(file, range) ?? [])
}

function translate(file: BundleFile, { startOffset, endOffset, count }: Range): Range | undefined {
  const [start, end] = [file.startOf(startOffset), file.endOf(endOffset)]
  if (start === undefined || end === undefined || end <= start) return undefined
  return { startOffset: start, endOffset: end, count }
}

function sizeOf(range: Range | undefined): number {
  return range === undefined ? 0 : range.endOffset - range.startOffset
}
