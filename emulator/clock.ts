import type { Clock } from './kernel.ts'

export interface SpeedClock extends Clock {
  readonly speed: number
  /** The instant, alike in real and emulated time, at which the two clocks parted. */
  readonly epoch: number
  /** Drops everything that was still to happen; nothing happens any more, whoever is still on the way to ask for it. */
  stop(): void
}

/**
 * Time that starts at the real time and runs `speed` times as fast from there.
 * The client's preload computes the same from the same epoch, so tokens and deadlines agree.
 */
export function createClock(speed = 1, epoch = Date.now()): SpeedClock {
  const waiting = new Set<NodeJS.Timeout>()
  const started = performance.now() - (Date.now() - epoch)
  let isStopped = false
  const after = (ms: number, act: () => void): void => {
    if (isStopped) return
    const timer = setTimeout(
      () => {
        waiting.delete(timer)
        act()
      },
      Math.min(ms / speed, 2 ** 31 - 1)
    )
    waiting.add(timer)
  }
  return {
    speed,
    epoch,
    now: () => epoch + (performance.now() - started) * speed,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    stop() {
      isStopped = true
      for (const timer of waiting) clearTimeout(timer)
      waiting.clear()
    }
  }
}
