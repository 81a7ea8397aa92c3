import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { brokenNameRule, type Kind } from '../../../src/settings/nameRules.ts'
import {
  couldDerive,
  deriveKeyed,
  deriveNames,
  foldEnvironment,
  type Names
} from '../../../src/settings/names.ts'
import { anyCharacter } from './anyCharacter.ts'
import { SUBSCRIPTION, TENANT } from './fakeInputs.ts'

const source = (subscriptionId: string, repositoryId: string, host = 'github.com') => ({
  subscriptionId,
  repositoryId,
  host
})
const derive = (environment: string) => deriveNames(environment, source(SUBSCRIPTION, '4711'))
const long = 'feature/this-branch-name-is-so-long-that-it-is-cut-everywhere-'
const entries = (names: Names) => Object.entries(names) as [Kind, string][]

/** The rules of the contract's section 3, written a second time on purpose. */
const LEGAL: Record<keyof Names, RegExp> = {
  'resource-group': /^(?=.{1,90}$)[-\w._()]+(?<!\.)$/,
  identity: /^[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}$/,
  namespace: /^(?=.{3,64}$)[a-z0-9][a-z0-9-]*[a-z0-9]$/,
  hub: /^(?=.{3,50}$)[a-zA-Z0-9-]+(?<!-)$/,
  dps: /^(?=.{3,64}$)[a-zA-Z0-9-]+(?<!-)$/,
  'enrollment-group': /^(?=.{1,128}$)[a-z0-9][a-z0-9:._-]*[a-z0-9]$/
}

/** Golden: a change here makes every user's environments unknown to the action, so it takes a new major version. */
const GOLDEN: Readonly<Record<string, string>> = {
  main: 'hub-main-nr8h8nwepd',
  'pr-1': 'hub-pr-1-egwb21m5gw',
  'feature/Ünïcode_long-and-still-längër-Straße-Ærø':
    'hub-feature-unicode-long-and-still-l-rzwnw0errq',
  ['x'.repeat(200)]: 'hub-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-dfqv54m8m0',
  'dependabot/npm_and_yarn/x-1.2.3': 'hub-dependabot-npm-and-yarn-x-1-2-3-5pm9yspn9r',
  [`${long}a`]: 'hub-feature-this-branch-name-is-so-l-gp91xth0rr',
  [`${long}b`]: 'hub-feature-this-branch-name-is-so-l-tmgz23fbv3',
  '///___...': 'hub-env-rmf2fs4nwe',
  '🚀': 'hub-env-paxw9a6j7w',
  主分支: 'hub-env-m9jj5jw0yq',
  '-': 'hub-env-0dsbcav51n',
  'a-': 'hub-a-h4zyp964p9',
  '0': 'hub-0-k062ad5ph0',
  'fix/windows-build': 'hub-fix-w-build-1r21k8f0dw',
  winwindowsdows: 'hub-winwdows-08jp2vey1t',
  'Microsoft/login': 'hub-m-login-8hqyqkv6qb',
  'e\u0301te\u0301': 'hub-ete-kp6faq205m'
}
const HARD = Object.keys(GOLDEN)

describe('derived names', () => {
  it('never change', () => {
    expect(Object.fromEntries(HARD.map((name) => [name, derive(name).hub]))).toEqual(GOLDEN)
    expect(derive('pr-1')).toEqual({
      'resource-group': 'rg-iot-pr-1-egwb21m5gw',
      identity: 'id-iot-pr-1-egwb21m5gw',
      namespace: 'adr-pr-1-egwb21m5gw',
      hub: 'hub-pr-1-egwb21m5gw',
      dps: 'dps-pr-1-egwb21m5gw',
      'enrollment-group': 'enroll-pr-1-egwb21m5gw'
    })
  })

  it('are legal, for hard names and for any', () => {
    const isLegal = (environment: string) =>
      entries(derive(environment)).every(
        ([kind, name]) =>
          LEGAL[kind as keyof Names].test(name) &&
          brokenNameRule(kind, name) === undefined &&
          !/microsoft|windows|^login|--/.test(name)
      )
    expect(HARD.filter((environment) => !isLegal(environment))).toEqual([])
    const words = fc.constantFrom('windows', 'win', 'dows', 'micro', 'soft', 'microsoft', '-', '/')
    const built = fc.array(words).map((parts) => parts.join(''))
    const any = fc.oneof(fc.string({ unit: anyCharacter }), fc.string(), built)
    fc.assert(fc.property(any, isLegal), { numRuns: 1000 })
  })

  it('are the same again', () => {
    fc.assert(fc.property(fc.string(), (name) => expect(derive(name)).toEqual(derive(name))))
  })

  it('differ for environments that differ', () => {
    const seen = new Map<string, string>()
    const isNew = (environment: string) => {
      const folded = foldEnvironment(environment)
      const names = Object.values(derive(environment))
      const isTaken = names.some((name) => (seen.get(name) ?? folded) !== folded)
      for (const name of names) seen.set(name, folded)
      return !isTaken
    }
    expect(HARD.filter((environment) => !isNew(environment))).toEqual([])
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), isNew), { numRuns: 2000 })
    const numbered = Array.from({ length: 5000 }, (_, number) => `${long}${number}`)
    expect(numbered.filter((environment) => !isNew(environment))).toEqual([])
  })

  it('are one for spellings that differ in case or in how an accent is written', () => {
    expect(derive('Feature/É')).toEqual(derive('feature/e\u0301'))
    const upper = deriveNames('x', source(SUBSCRIPTION.replaceAll('1', 'A'), '1'))
    expect(upper).toEqual(deriveNames('x', source(SUBSCRIPTION.replaceAll('1', 'a'), '1')))
  })

  it('differ by subscription, repository and GitHub server', () => {
    const hubs = [
      source(SUBSCRIPTION, '1'),
      source(TENANT, '1'),
      source(SUBSCRIPTION, '2'),
      source(SUBSCRIPTION, '1', 'github.example.com'),
      source(SUBSCRIPTION, '1', 'ghe.example.com')
    ].map((one) => deriveNames('main', one).hub)
    expect(new Set(hubs).size).toBe(5)
  })

  it('are known again, whatever key they derive from', () => {
    const from = source(SUBSCRIPTION, '4711')
    const known = (name: string) => couldDerive('enrollment-group', name, 'feature/x-y', from)
    for (const key of ['a', 'east-1', 'x']) {
      expect(known(deriveKeyed('enrollment-group', key, 'feature/x-y', from))).toBe(true)
    }
    expect(known(deriveNames('feature/x-y', from)['enrollment-group'])).toBe(true)
    expect(known(deriveNames('feature/x-z', from)['enrollment-group'])).toBe(false)
    expect(known(deriveKeyed('enrollment-group', 'a', 'feature/x', from))).toBe(false)
    expect(known('production-devices')).toBe(false)
  })

  it('stay readable', () => {
    const readable = (name: string) => derive(name).hub.slice('hub-'.length, -'-0123456789'.length)
    expect(readable('feature/Ünïcode_Straße')).toBe('feature-unicode-strasse')
    expect(readable('fix/Windows-build')).toBe('fix-w-build')
    expect(readable('🚀')).toBe('env')
    expect(readable('dependabot/npm_and_yarn/x-1.2.3')).toBe('dependabot-npm-and-yarn-x-1-2-3')
  })
})

describe('brokenNameRule', () => {
  it.each<[Kind, string]>([
    ['resource-group', 'a.'],
    ['resource-group', 'x'.repeat(91)],
    ['resource-group', 'a/b'],
    ['identity', '_ab'],
    ['identity', 'ab'],
    ['namespace', 'Abc'],
    ['namespace', 'abc-'],
    ['hub', 'ab'],
    ['hub', 'a_b'],
    ['hub', 'x'.repeat(51)],
    ['hub', 'my-Windows-hub'],
    ['dps', 'loginservice'],
    ['dps', 'abc-'],
    ['enrollment-group', '.a'],
    ['enrollment-group', ''],
    ['policy', 'ab'],
    ['policy', '-abc']
  ])('refuses %s %j', (kind, name) => {
    expect(brokenNameRule(kind, name)).toMatch(/^must /)
  })

  it.each<[Kind, string]>([
    ['resource-group', '(my)_rg.1-'],
    ['identity', 'A_b-'],
    ['namespace', 'a-1'],
    ['hub', 'My-Hub'],
    ['dps', 'x'.repeat(64)],
    ['enrollment-group', 'a'],
    ['enrollment-group', 'A:b.c_d-e'],
    ['policy', 'abc-'],
    ['identity', 'windows-devices']
  ])('takes %s %j', (kind, name) => {
    expect(brokenNameRule(kind, name)).toBeUndefined()
  })
})
