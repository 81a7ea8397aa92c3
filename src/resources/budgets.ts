import { type Budget, jittered } from '../azure/http/wait.ts'

const every = (intervalMs: number, attempts: number): Budget => ({
  attempts,
  intervalMs: () => intervalMs
})

/** What may pass by itself, how often it is tried again, and where the numbers are from. */
export const BUDGETS = {
  /** A new identity is known to RBAC within three minutes: contract 11.1, the bound that Azure's own CLI uses. */
  principalKnown: every(5_000, 36),
  /**
   * Grants take effect: for ten minutes (contract 11.2, numbers inferred there). Hardly within the first minute, which Azure's
   * test scripts sleep; then after ten seconds, and each time a tenth later, so that what is waited for in vain grows with the wait.
   */
  grantsInEffect: {
    attempts: 26,
    intervalMs: (attempt) =>
      attempt <= 2 ? 30_000 : Math.min(10_000 * 1.1 ** (attempt - 3), 30_000)
  },
  /** The data plane of a DPS reaches the namespace: contract 11.4, eight tries from 15 s on, seen in Microsoft's test scripts. */
  enrollment: every(15_000, 8),
  /**
   * An update of a DPS takes half a minute (contract 9.2), and another writer's must end before ours can begin: ten minutes,
   * and each writer at times of its own.
   */
  linkedHubs: { attempts: 40, intervalMs: () => jittered(15_000) },
  /**
   * A namespace is refused to go while Azure still unlinks hub and DPS (contract 11.5): ten minutes; or while its index shows
   * children that are gone: every ten seconds (contract B, section 10).
   */
  removal: every(10_000, 60),
  /** Azure shows within seconds what it tells late (contract 11.6); a minute for the slowest of it is inferred. */
  late: every(5_000, 12)
} as const satisfies Readonly<Record<string, Budget>>

/** What is looked at until it has come about, and how many milliseconds apart. */
export const POLLS = {
  /** A provider registers within seconds to minutes (contract 5.1). */
  registrationMs: 5_000,
  /** Deleting takes minutes at most (contract 12). */
  deletionMs: 5_000,
  /** Whether another writer of a DPS is done: an update takes half a minute at most (contract 9.2), fifteen seconds inferred. */
  dpsAtRestMs: 3_000,
  /** Certificates appear within minutes, looked at every 15 s: contract 8.4, inferred there. */
  certificatesMs: 15_000
} as const
