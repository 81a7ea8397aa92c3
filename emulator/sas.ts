import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Kernel } from './kernel.ts'

/** A shared access signature taken apart. */
export interface Signature {
  /** The resource, decoded. */
  readonly resource: string
  readonly policy: string | undefined
  readonly expiry: number
  /** True when the key made this signature. */
  isBy(key: string): boolean
}

/** Reads `SharedAccessSignature sr=…&sig=…&se=…&skn=…`; undefined when it is not one. */
export function readSignature(header: string | undefined): Signature | undefined {
  const [scheme, text] = (header ?? '').split(' ')
  if (scheme !== 'SharedAccessSignature' || !text) return undefined
  const fields = new Map(
    text.split('&').map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at), pair.slice(at + 1)]
    })
  )
  const [sr, sig, se] = ['sr', 'sig', 'se'].map((name) => fields.get(name))
  if (!sr || !sig || !se || !/^\d+$/.test(se)) return undefined
  const given = Buffer.from(decodeURIComponent(sig), 'base64')
  return {
    resource: decodeURIComponent(sr),
    policy: fields.has('skn') ? decodeURIComponent(fields.get('skn') ?? '') : undefined,
    expiry: Number(se),
    isBy(key) {
      // The resource is signed in the very spelling in which it was sent.
      const right = createHmac('sha256', Buffer.from(key, 'base64')).update(`${sr}\n${se}`).digest()
      return right.length === given.length && timingSafeEqual(right, given)
    }
  }
}

/** By Azure's clock, which need not be the client's. */
export function isCurrent({ expiry }: Signature, { clock, config }: Kernel): boolean {
  return expiry > (clock.now() + config().clockSkewMs) / 1000
}
