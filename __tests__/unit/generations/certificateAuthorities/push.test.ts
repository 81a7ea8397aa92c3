import { describe, expect, test } from '@jest/globals'
import type { LinkFacts } from '../../../../src/generations/certificateAuthorities/linkStep.ts'
import {
  type PushFacts,
  pushStep
} from '../../../../src/generations/certificateAuthorities/push.ts'
import type { Dps } from '../../../../src/resources/model.ts'
import type { Owner } from '../../../../src/settings/ownerTags.ts'
import type { DpsFacts } from '../../../../src/steps/dps.ts'
import { ALONE, CLAIM, seeing, signal, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { DPS, dpsEndpoint, namespaceWith } from './sample.ts'

const UUID = '00000000-0000-0000-0000-000000000001'
const dps = standIn<DpsFacts>(DPS)
const link = standIn<LinkFacts>('/link')
const LINKED: LinkFacts = {
  namespace: namespaceWith({ d: dpsEndpoint() }),
  placed: { section: 'provisioning', name: 'd', endpoint: dpsEndpoint() }
}

function stepOf(linkExisting = false, looks: readonly Dps[] = [], log: object[] = []) {
  const seen = [...looks]
  const azure = azureOf({
    get: () => (seen.length > 1 ? seen.shift() : seen[0]),
    patch: (_id, { body }: { body: object }) => void log.push(body)
  })
  const claim = { ...CLAIM, linkExisting }
  return pushStep(azure, claim, { target: target(DPS), dps, link, others: [] })
}

const see = (owner?: Owner, facts: LinkFacts = LINKED, more: Partial<Dps> = {}) =>
  seeing([dps, { resource: owner && tracked<Dps>(owner, DPS, more) }], [link, facts])

describe('the link in the data plane of a DPS', () => {
  test.each<[string, PushFacts, Owner | undefined, boolean, object]>([
    ['is pushed', { pushed: undefined, namespace: UUID }, 'ours', false, { action: 'act' }],
    [
      'is pushed to a DPS that is to be made',
      { pushed: undefined, namespace: undefined },
      undefined,
      false,
      { action: 'act' }
    ],
    [
      'that was pushed is kept',
      { pushed: `${UUID} 2026`, namespace: UUID },
      'ours',
      false,
      { action: 'keep' }
    ],
    [
      'that was pushed from another namespace is pushed again',
      { pushed: 'other 2026', namespace: UUID },
      'ours',
      false,
      { action: 'act' }
    ],
    [
      'that is not known is pushed',
      { pushed: `${UUID} 2026`, namespace: undefined },
      'ours',
      false,
      { action: 'act' }
    ],
    [
      'of a shared DPS is its owner’s',
      { pushed: undefined, namespace: UUID },
      'shared',
      false,
      { action: 'keep', reason: 'shared' }
    ],
    [
      'of a shared DPS that may be linked is pushed',
      { pushed: undefined, namespace: UUID },
      'shared',
      true,
      { action: 'act' }
    ]
  ])('%s', (_what, facts, owner, linkExisting, verdict) => {
    const judged = stepOf(linkExisting).judge(facts, see(owner))
    expect(judged).toMatchObject(verdict)
    expect('reason' in judged && judged.action === 'keep').toBe('reason' in verdict)
  })

  test.each<[string, LinkFacts, Partial<Dps>, PushFacts]>([
    ['of a link', LINKED, {}, { pushed: undefined, namespace: UUID }],
    [
      'of no link',
      { ...LINKED, placed: undefined },
      {},
      { pushed: undefined, namespace: undefined }
    ],
    [
      'of no namespace',
      { ...LINKED, namespace: undefined },
      {},
      { pushed: undefined, namespace: undefined }
    ],
    [
      'of a push',
      LINKED,
      { tags: { 'iot-namespace-pushed': 'x' } },
      { pushed: 'x', namespace: UUID }
    ]
  ])('is told %s', async (_of, facts, more, found) => {
    expect(await stepOf().observe(see('ours', facts, more), signal)).toEqual(found)
  })

  test('is pushed by a tag beside the others, and waited for', async () => {
    const log: object[] = []
    const waits: string[] = []
    const pushed = `${UUID} 2026-01-01T00:00:00.000Z`
    const shows = (more: Partial<Dps>) => tracked<Dps>('ours', DPS, more)
    const tags = { a: '1', 'iot-namespace-pushed': pushed }
    const looks = [
      shows({ tags: { a: '1' } }),
      shows({}),
      shows({ tags, properties: { state: 'Activating' } }),
      shows({ tags })
    ]
    const done = await stepOf(false, looks, log).apply({
      facts: { pushed: undefined, namespace: UUID },
      see: see('ours'),
      signal,
      ...ALONE,
      progress: (text) => void waits.push(text),
      verdict: { action: 'act', reason: 'x' }
    })
    expect(log).toEqual([{ tags }])
    expect(waits).toEqual([
      'the DPS to show the push',
      'Azure to have it ready (its state is Activating)'
    ])
    expect(done).toEqual({ pushed, namespace: UUID })
  })
})
