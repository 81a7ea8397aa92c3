import { forLog } from './sanitize.ts'

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
  mask(secret: string): void
}

export function createLog(core: Core): Log {
  return {
    info: (text) => core.info(forLog(text)),
    debug: (text) => core.debug(forLog(text)),
    warning: (title, text) => core.warning(forLog(text), { title: forLog(title) }),
    failure: (title, text) => core.error(forLog(text), { title: forLog(title) }),
    async group(title, act) {
      core.startGroup(forLog(title))
      try {
        return await act()
      } finally {
        core.endGroup()
      }
    },
    // A masked empty or one-letter text would turn the whole log into asterisks.
    mask: (secret) => {
      if (secret.length > 3) core.setSecret(secret)
    }
  }
}
