import { forLog } from '../text/sanitize.ts'
import { coloured, type Line, type Tone } from './line.ts'
import { Secrets } from './secrets.ts'

/** The part of @actions/core that writes to the log. */
export interface Core {
  info(text: string): void
  debug(text: string): void
  warning(text: string, properties?: { title?: string }): void
  error(text: string, properties?: { title?: string }): void
  startGroup(title: string): void
  endGroup(): void
  setSecret(secret: string): void
}

/** The run's log. Whatever goes through it is safe to print. */
export interface Log {
  info(text: string, tone?: Tone): void
  debug(text: string): void
  warning(title: string, text: string): void
  /** One annotation with a short title; the whole text goes to the log above it. */
  failure(title: string, text: string): void
  /** Lines that show on a click: GitHub ends a group where the next one begins, so that nothing else may come between. */
  fold(title: string, lines: readonly Line[]): void
  /** From now on it is masked here, and redacted in whatever else is told. */
  mask(secret: string): void
  redact(text: string): string
}

export function createLog(core: Core): Log {
  const secrets = new Secrets((secret) => core.setSecret(secret))
  // Redacted here as well: of a secret that a cut has halved, the runner would know nothing.
  const safe = (text: string) => forLog(secrets.redact(text))
  const info = (text: string, tone?: Tone) => core.info(coloured(safe(text), tone))
  return {
    info,
    debug: (text) => core.debug(safe(text)),
    warning: (title, text) => core.warning(safe(text), { title: safe(title) }),
    failure: (title, text) => core.error(safe(text), { title: safe(title) }),
    fold(title, lines) {
      core.startGroup(safe(title))
      for (const { text, tone } of lines) info(text, tone)
      core.endGroup()
    },
    mask: (secret) => secrets.add(secret),
    redact: (text) => secrets.redact(text)
  }
}
