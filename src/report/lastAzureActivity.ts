import { seconds } from './text.ts'

/** What was last heard of Azure: for the message of a run that is out of time. */
export class LastAzureActivity {
  readonly #elapsed: () => number
  #notice: string | undefined
  #last: { readonly inWords: () => string; readonly at: number } | undefined

  /** @param elapsed milliseconds since the run began */
  constructor(elapsed: () => number) {
    this.#elapsed = elapsed
  }

  /** Why a request is sent again, and when. */
  notice(text: string): void {
    this.#notice = text
  }

  readonly answer = (inWords: () => string): void => {
    this.#last = { inWords, at: this.#elapsed() }
  }

  /** What a run in which no step is at work waits for. */
  get waitingFor(): string {
    return this.#notice ?? 'Azure to answer'
  }

  /** A sentence, or nothing when Azure was not heard of at all. */
  get lastAnswer(): string {
    if (this.#last === undefined) return ''
    const { inWords, at } = this.#last
    return `Azure last answered ${inWords()}, ${seconds(this.#elapsed() - at)} before. `
  }
}
