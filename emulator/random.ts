import { hash } from 'node:crypto'
import type { Kernel } from './kernel.ts'

/** Repeatable bytes: a run with the same seed and the same calls gets the same GUIDs and keys. */
export function createRandom(seed: string): Kernel['random'] {
  let counter = 0
  const bytes = (n: number): Uint8Array => {
    const blocks: Buffer[] = []
    for (let have = 0; have < n; have += 32) {
      blocks.push(hash('sha256', `${seed}/${counter++}`, 'buffer'))
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, n))
  }
  const hex = (n: number): string =>
    Buffer.from(bytes(Math.ceil(n / 2)))
      .toString('hex')
      .slice(0, n)
  const guid = (): string => {
    const h = hex(32)
    const variant = '89ab'[Number.parseInt(h[16] ?? '0', 16) % 4]
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-${variant}${h.slice(17, 20)}-${h.slice(20)}`
  }
  return { bytes, hex, guid }
}
