import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

/** Hands on what jest counted in the sources that a file of tests has loaded: `npm run coverage` adds it to that of the runs. */
export default class UnitCoverage {
  #folder
  #files = 0

  /** @param options `folder`, which has to be there */
  constructor(_global, { folder }) {
    this.#folder = folder
  }

  onTestFileResult(_test, { v8Coverage = [] }) {
    if (v8Coverage.length === 0) return
    const result = v8Coverage.map(({ result }) => ({
      ...result,
      url: pathToFileURL(result.url).href
    }))
    writeFileSync(path.join(this.#folder, `${this.#files++}.json`), JSON.stringify({ result }))
  }
}
