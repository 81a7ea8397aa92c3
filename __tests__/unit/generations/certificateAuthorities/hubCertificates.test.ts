import { describe, expect, test } from '@jest/globals'
import type { AuthoritiesFacts } from '../../../../src/generations/certificateAuthorities/authorities.ts'
import type { AuthorityFacts } from '../../../../src/generations/certificateAuthorities/authority.ts'
import {
  type HubCertificatesFacts,
  hubCertificatesStep
} from '../../../../src/generations/certificateAuthorities/hubCertificates.ts'
import type { HubSpec, PolicySpec } from '../../../../src/settings/settings.ts'
import type { HubFacts } from '../../../../src/steps/hub.ts'
import { seeing, signal, standIn, target, tracked } from '../../resources/sample.ts'
import { azureOf } from '../../steps/sample.ts'
import { HUB, NAMESPACE } from './sample.ts'

const ISSUING = `${NAMESPACE}/certificateAuthorities/issuing-p`
const SPEC: HubSpec = { ...target(HUB), location: undefined }
const POLICY: PolicySpec = { name: 'p', leafValidityDays: 30 }
const hub = standIn<HubFacts>(HUB)
const authorities = standIn<AuthoritiesFacts>('/authorities')
const issuing = standIn<AuthorityFacts>(ISSUING)

function stepOf(...held: readonly (readonly object[])[]) {
  const looks = [...held]
  return hubCertificatesStep(
    azureOf({ list: () => (looks.length > 1 ? looks.shift() : looks[0]) }),
    {
      of: target(NAMESPACE),
      hubs: new Map([[SPEC, hub]]),
      authorities,
      issuing: new Map([[POLICY, issuing]]),
      others: []
    }
  )
}

const see = (exists = true) =>
  seeing([hub, { resource: exists ? tracked('ours', HUB) : undefined }], [authorities, { all: [] }])

const certificate = (id: unknown) => ({
  name: 'c',
  properties: { CertificateAuthorityResourceId: id }
})
const HELD = certificate(ISSUING.toUpperCase())
const MISSING = [{ hub: 'hub1', authority: ISSUING }]
const facts = (missing: HubCertificatesFacts['missing']) => ({ missing })

describe('an issuing CA', () => {
  test.each<[string, readonly object[], boolean, boolean]>([
    ['is held', [{ name: 'x' }, HELD], true, true],
    ['is not that of another policy', [certificate(`${ISSUING}2`)], true, false],
    ['is none without a text', [certificate(7)], true, false],
    [
      'is none under another property',
      [{ name: 'c', properties: { other: ISSUING } }],
      true,
      false
    ],
    ['is none while there is no hub', [HELD], false, false]
  ])('%s', async (_what, held, exists, holds) => {
    expect((await stepOf(held).observe(see(exists), signal)).missing).toEqual(holds ? [] : MISSING)
  })

  test.each<[HubCertificatesFacts['missing'], object]>([
    [[], { action: 'keep' }],
    [MISSING, { action: 'await', reason: 'Azure to push them: hub hub1 lacks issuing-p' }]
  ])('is waited for: %j', (missing, verdict) => {
    expect(stepOf([]).judge(facts(missing), see())).toEqual(verdict)
  })

  test.each<[string, HubCertificatesFacts['missing'], boolean, readonly boolean[]]>([
    ['holds', [], true, [true]],
    ['does not hold', MISSING, true, [false]],
    ['is not broken by another hub', [{ hub: 'x', authority: ISSUING }], true, [true]],
    ['is not broken by another CA', [{ hub: 'hub1', authority: '/x' }], true, [true]],
    ['is none while there is no hub', MISSING, false, []]
  ])('is checked, which %s', (_what, missing, exists, holds) => {
    const checks = stepOf([]).checks?.(facts(missing), see(exists))
    expect(checks?.map((check) => check.holds)).toEqual(holds)
  })

  test.each<[string, readonly (readonly object[])[], boolean]>([
    ['until it is there', [[], [], [HELD]], true],
    ['and told when it never comes', [[]], false]
  ])('is waited for %s', async (_what, held, comes) => {
    const waits: string[] = []
    const progress = (text: string) => void waits.push(text)
    const waiting = { facts: facts(MISSING), see: see(), signal, progress }
    const waited = stepOf(...held).wait?.(waiting)
    if (comes) {
      expect(await waited).toEqual(facts([]))
      expect(waits).toEqual(['hub hub1 lacks issuing-p', 'hub hub1 lacks issuing-p'])
    } else await expect(waited).rejects.toThrow('within ten minutes: hub hub1 lacks issuing-p')
  })
})
