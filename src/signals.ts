/** What the runner sends to a cancelled job. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** Names who is to be told of signals, of one that has come already as well. */
export type OnSignal = (tell: (name: string) => void) => void

/** From now on a signal does not end the process: it is told, or kept for whoever is not there yet. */
export function hearSignals(): OnSignal {
  let came: string | undefined
  let told: ((name: string) => void) | undefined
  for (const name of SIGNALS) {
    process.on(name, () => {
      came ??= name
      told?.(name)
    })
  }
  return (tell) => {
    told = tell
    if (came !== undefined) tell(came)
  }
}
