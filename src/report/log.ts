import { forLog } from '../text/sanitize.ts'
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
  info(text: string): void
  debug(text: string): void
  warning(title: string, text: string): void
  /** One annotation with a short title; the whole text goes to the log above it. */
  failure(title: string, text: string): void
  group<T>(title: string, act: () => Promise<T>): Promise<T>
  /** From now on it is masked here, and redacted in whatever else is told. */
  mask(secret: string): void
  redact(text: string): string
}

export function createLog(core: Core): Log {
  const secrets = new Secrets((secret) => core.setSecret(secret))
  // Redacted here as well: of a secret that a cut has halved, the runner would know nothing.
  const safe = (text: string) => forLog(secrets.redact(text))
  return {
    info: (text) => core.info(safe(text)),
    debug: (text) => core.debug(safe(text)),
    warning: (title, text) => core.warning(safe(text), { title: safe(title) }),
    failure: (title, text) => core.error(safe(text), { title: safe(title) }),
    async group(title, act) {
      core.startGroup(safe(title))
      try {
        return await act()
      } finally {
        core.endGroup()
      }
    },
    mask: (secret) => secrets.add(secret),
    redact: (text) => secrets.redact(text)
  }
}
