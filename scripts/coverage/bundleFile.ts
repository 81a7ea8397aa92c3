import { readFileSync } from 'node:fs'
import { SourceMap, type SourceMapPayload } from 'node:module'
import path from 'node:path'
import { type Alignment, align } from './alignment.ts'

/** A stretch of a bundled file that comes from one source: whole lines. */
export interface Extent {
  /** Path of the source from the repository: `src/run.ts`. */
  readonly source: string
  /** Offsets in the bundled file; the end is the first one after. */
  readonly start: number
  readonly end: number
}

/** The line of a source that one of the bundle comes from. */
interface OriginalLine {
  /** Its offset in the source. */
  readonly start: number
  readonly alignment: Alignment
}

/** One file of the bundle, with where each piece of it comes from. */
export class BundleFile {
  readonly extents: readonly Extent[]
  readonly #sources: ReadonlyMap<string, Source>
  readonly #code: string
  readonly #map: SourceMap
  readonly #lines: readonly number[]
  readonly #extentStarts: readonly number[]
  readonly #originals = new Map<number, OriginalLine | undefined>()

  /**
   * @param file whose map lies beside it
   * @param sources their code, by their paths from the repository
   */
  constructor(file: string, sources: ReadonlyMap<string, Source>) {
    this.#sources = sources
    this.#code = readFileSync(file, 'utf8')
    this.#map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload)
    this.#lines = lineStarts(this.#code)
    this.extents = this.#findExtents()
    this.#extentStarts = this.extents.map(({ start }) => start)
  }

  /** @returns the offset in the source of what starts here; undefined when it comes from none */
  startOf(offset: number): number | undefined {
    return this.#lineAt(offset, (line, column) => line.start + line.alignment.startOf(column))
  }

  /** @returns the offset in the source at which ends what ends here; undefined when it comes from none */
  endOf(offset: number): number | undefined {
    return this.#lineAt(offset, (line, column) => line.start + line.alignment.endOf(column))
  }

  /** @returns the stretch that this offset is in; undefined for what webpack itself wrote */
  extentAt(offset: number): Extent | undefined {
    const index = lastAtMost(this.#extentStarts, offset)
    const extent = this.extents[index]
    return extent && offset >= extent.start && offset < extent.end ? extent : undefined
  }

  /** @returns the length of its source */
  lengthOf({ source }: Extent): number {
    return this.#sources.get(source)?.code.length ?? 0
  }

  #lineAt(
    offset: number,
    find: (line: OriginalLine, column: number) => number
  ): number | undefined {
    const number = lastAtMost(this.#lines, offset)
    if (!this.#originals.has(number)) this.#originals.set(number, this.#originalOf(number))
    const line = this.#originals.get(number)
    return line && find(line, offset - (this.#lines[number] as number))
  }

  #originalOf(line: number): OriginalLine | undefined {
    const entry = this.#map.findEntry(line, 0)
    if (!('originalSource' in entry) || entry.generatedLine !== line) return undefined
    const source = this.#sources.get(sourcePath(entry.originalSource))
    if (source === undefined) return undefined
    const original = lineText(source, entry.originalLine)
    const made = lineText({ code: this.#code, lines: this.#lines }, line)
    return {
      start: source.lines[entry.originalLine] as number,
      alignment: align(made, original)
    }
  }

  #findExtents(): readonly Extent[] {
    const extents: { source: string; start: number; end: number }[] = []
    for (const [line, start] of this.#lines.entries()) {
      const end = this.#lines[line + 1] ?? this.#code.length
      const entry = this.#map.findEntry(line, 0)
      if (!('originalSource' in entry) || entry.generatedLine !== line) continue
      const source = sourcePath(entry.originalSource)
      if (!this.#sources.has(source)) continue
      const last = extents.at(-1)
      if (last?.source === source) last.end = end
      else extents.push({ source, start, end })
    }
    return extents
  }
}

/** A source without its types. */
export interface Source {
  readonly code: string
  /** Offsets at which its lines start. */
  readonly lines: readonly number[]
}

/** @param code of a source without its types, at the positions of the source */
export function sourceOf(code: string): Source {
  return { code, lines: lineStarts(code) }
}

/** `.././coverage/lib/run.js` comes from `src/run.ts`. */
function sourcePath(original: string): string {
  return path.posix.normalize(original).replace(/^(?:\.\.\/)*coverage\/lib\/(.*)\.js$/, 'src/$1.ts')
}

function lineStarts(code: string): readonly number[] {
  return [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
}

/** The index of the last one that is not above `value`. */
function lastAtMost(ascending: readonly number[], value: number): number {
  let [low, high] = [0, ascending.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((ascending[middle] as number) <= value) low = middle
    else high = middle - 1
  }
  return low
}

function lineText({ code, lines }: Source, line: number): string {
  return code.slice(lines[line], lines[line + 1]).replace(/\n$/, '')
}
