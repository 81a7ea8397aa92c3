import { relative } from 'node:path'

const PERIOD_MS = 10_000

/** Says where a run is, from its start and every ten seconds; a terminal is told by jest itself. */
export default class Progress {
  #running = new Map()
  #files = 0
  #done = 0
  #tests = { passed: 0, failed: 0 }
  #begun = performance.now()
  #timer

  constructor({ rootDir, maxWorkers }) {
    this.rootDir = rootDir
    this.maxWorkers = maxWorkers
  }

  onRunStart({ numTotalTestSuites }) {
    if (process.stdout.isTTY) return
    this.#files = numTotalTestSuites
    console.log(`Test files: ${this.#files}, up to ${this.maxWorkers} at a time`)
    this.#timer = setInterval(() => this.#tell(), PERIOD_MS).unref()
  }

  onTestFileStart({ path }) {
    this.#running.set(path, '')
  }

  onTestCaseStart({ path }, { fullName }) {
    this.#running.set(path, `: ${fullName}`)
  }

  onTestCaseResult(_test, { status }) {
    if (status in this.#tests) this.#tests[status]++
  }

  onTestFileResult({ path }) {
    this.#running.delete(path)
    this.#done++
  }

  onRunComplete() {
    clearInterval(this.#timer)
  }

  #tell() {
    const seconds = Math.round((performance.now() - this.#begun) / 1000)
    const { passed, failed } = this.#tests
    console.log(
      `${seconds} s: ${this.#done} of ${this.#files} files, tests so far ${passed} passed and ${failed} failed; running`
    )
    for (const [path, name] of this.#running)
      console.log(`  ${relative(`${this.rootDir}/__tests__`, path)}${name}`)
  }
}
