import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { mergeProcessCovs } from '@bcoe/v8-coverage'
import { BundleFile, type Source } from './bundleFile.ts'
import { ofSources } from './translate.ts'

type ScriptCoverage = Profiler.ScriptCoverage

/** How many processes are added up at a time. */
const BATCH = 40

/** How often V8 came through each part of each source, in all processes that have ended. */
export class Counts {
  readonly #root: string
  readonly #folder: string
  readonly #sources: ReadonlyMap<string, Source>
  readonly #files = new Map<string, BundleFile | undefined>()
  #sum: readonly ScriptCoverage[] = []
  #processes = 0

  /**
   * @param root of the repository
   * @param folder of `buildForCoverage`
   */
  constructor(root: string, folder: string, sources: ReadonlyMap<string, Source>) {
    this.#root = root
    this.#folder = folder
    this.#sources = sources
    for (const name of ['runs', 'units']) mkdirSync(path.join(folder, name), { recursive: true })
  }

  get processes(): number {
    return this.#processes
  }

  /** By path of the source. */
  get bySource(): ReadonlyMap<string, ScriptCoverage> {
    return new Map(this.#sum.map((script) => [script.url, script]))
  }

  /**
   * Adds what processes have left since the last time, and removes it.
   *
   * @returns how many files could not be read: they are still being written, or their process was killed meanwhile
   */
  collect(): number {
    let unreadable = 0
    let batch: ScriptCoverage[][] = []
    for (const file of ['runs', 'units'].flatMap((name) =>
      filesIn(path.join(this.#folder, name))
    )) {
      const scripts = parsed(file)
      if (scripts === undefined) {
        unreadable++
        continue
      }
      rmSync(file)
      batch.push(scripts.flatMap((script) => this.#translate(script)))
      this.#processes++
      if (batch.length < BATCH) continue
      this.#add(batch)
      batch = []
    }
    if (batch.length > 0) this.#add(batch)
    return unreadable
  }

  #add(batch: readonly ScriptCoverage[][]): void {
    const all = [...batch, this.#sum].map((result) => ({ result }))
    this.#sum = mergeProcessCovs(all).result
  }

  #translate(script: ScriptCoverage): readonly ScriptCoverage[] {
    if (!script.url.startsWith('file:')) return []
    const file = fileURLToPath(script.url)
    const url = path.relative(this.#root, file)
    // A unit test has loaded the source itself.
    if (this.#sources.has(url)) return [{ ...script, url }]
    const bundled = this.#bundled(file)
    return bundled === undefined ? [] : ofSources(bundled, script.functions)
  }

  #bundled(file: string): BundleFile | undefined {
    if (!this.#files.has(file))
      this.#files.set(
        file,
        existsSync(`${file}.map`) ? new BundleFile(file, this.#sources) : undefined
      )
    return this.#files.get(file)
  }
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => path.join(folder, name))
}

function parsed(file: string): ScriptCoverage[] | undefined {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { result: ScriptCoverage[] }).result
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
