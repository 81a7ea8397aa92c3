import { createRequire } from 'node:module'
import { describe, expect, it } from '@jest/globals'
import { sharedAccessSignature } from '../../../src/azure/clients/sas.ts'

const { SharedAccessSignature } = createRequire(import.meta.url)('azure-iot-common') as {
  SharedAccessSignature: {
    create(host: string, policy: string, key: string, expiry: number): { toString(): string }
  }
}

describe('sharedAccessSignature', () => {
  it('equals what Microsoft’s own library makes', () => {
    const host = 'dps-x.azure-devices-provisioning.net'
    const key = Buffer.from('a key of some length, with + and /').toString('base64')
    const ours = new URLSearchParams(
      sharedAccessSignature(host, { name: 'owner', key }, 1_800_000_000).split(' ')[1]
    )
    const theirs = new URLSearchParams(
      SharedAccessSignature.create(host, 'owner', key, 1_800_000_000).toString().split(' ')[1]
    )
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs))
  })
})
