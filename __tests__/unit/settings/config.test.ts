import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { parse } from 'yaml'
import { configSchema } from '../../../scripts/schema.ts'
import { InputError } from '../../../src/settings/problems.ts'
import { REQUIRED, RUNNER, reader, readOne } from './fakeInputs.ts'

const read = (text: string, inputs: Record<string, string> = {}) =>
  readOne(reader({ ...REQUIRED, config: 'iot.yml', ...inputs }, RUNNER, { 'iot.yml': text }))
    .environment

/** `source: rule` of every problem. */
function problemsOf(text: string, inputs: Record<string, string> = {}): readonly string[] {
  try {
    read(text, inputs)
    return []
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return error.problems.map(({ input, rule }) => `${input}: ${rule}`)
  }
}

const FLEET = `
location: West Europe
tags: { team: iot, cost-center: 42 }
hubs:
  - key: eu
    allocation-weight: 2
  - key: us
    location: eastus
  - name: hub-of-its-own
policies:
  - name: default
  - name: factory
    leaf-validity-days: 7
enrollment-groups:
  - key: field
    policy: factory
    hubs: [eu, us]
    allocation-policy: geoLatency
    initial-twin: { tags: { floor: 3 }, properties: { desired: { rate: 0.5 } } }
    iot-edge: true
  - name: lab
`

describe('a config file', () => {
  it('describes several hubs, policies and enrollment groups', () => {
    const environment = read(FLEET)
    expect(
      environment.hubs.map(({ name, location, allocationWeight }) => [
        name.replace(/-[^-]{10}$/, ''),
        location,
        allocationWeight
      ])
    ).toEqual([
      ['hub-main-eu', 'westeurope', 2],
      ['hub-main-us', 'eastus', undefined],
      ['hub-of-its-own', 'westeurope', undefined]
    ])
    expect(environment.policies).toEqual([
      { name: 'default', leafValidityDays: 30 },
      { name: 'factory', leafValidityDays: 7 }
    ])
    expect(environment.tags).toEqual({ team: 'iot', 'cost-center': '42' })
    expect(environment.enrollmentGroups).toEqual([
      {
        name: expect.stringMatching(/^enroll-main-field-[^-]{10}$/),
        policy: 'factory',
        hubs: environment.hubs.slice(0, 2).map(({ id }) => id),
        allocationPolicy: 'geoLatency',
        initialTwin: { tags: { floor: 3 }, properties: { desired: { rate: 0.5 } } },
        iotEdge: true
      },
      { name: 'lab', policy: 'default' }
    ])
  })

  it('gives way to inputs where both speak', () => {
    const environment = read(
      'location: westeurope\ntags: {a: x, b: y}\nhubs: [{name: file-hub}]\nnamespace: file-ns',
      {
        location: 'eastus',
        tags: 'a=z',
        hub: 'input-hub',
        policies: 'mine=9'
      }
    )
    expect(environment.location).toBe('eastus')
    expect(environment.tags).toEqual({ a: 'z', b: 'y' })
    expect(environment.hubs[0]?.name).toBe('input-hub')
    expect(environment.namespace.name).toBe('file-ns')
    expect(environment.policies).toEqual([{ name: 'mine', leafValidityDays: 9 }])
  })

  it('names the line of everything that is wrong', () => {
    expect(
      problemsOf(
        'locaton: westeurope\nhubs:\n  - key: E U\n    weight: 3\npolicies:\n  - leaf-validity-days: 9137\n'
      )
    ).toEqual([
      'config (iot.yml, line 1): unknown key; did you mean location?',
      'config (iot.yml, line 3): must be 1 to 10 lower-case letters and digits',
      'config (iot.yml, line 4): unknown key',
      'config (iot.yml, line 6): must be a whole number from 1 to 90',
      'config (iot.yml, line 6): name is missing'
    ])
  })

  it.each([
    ['is no YAML', 'hubs: [', /line 1/],
    ['names a key twice', 'location: a1\nlocation: b1', /line 2/],
    ['is a bomb of aliases', 'tags: &a {x: y}\nhubs: [*a, *a]', /aliases/],
    ['is huge', `# ${'x'.repeat(300_000)}`, /too large/],
    ['binds to no policy', 'enrollment-groups: [{policy: nope}]', /one of policies/],
    ['names a hub twice', 'hubs: [{key: a}, {key: a}]', /two hubs/],
    ['points at no hub', 'enrollment-groups: [{hubs: [x]}]', /key of a hub/],
    ['has an illegal tag', 'tags: {"a<b": c}', /tag name/]
  ])('that %s is refused', (_what, text, words) => {
    expect(problemsOf(text).join('\n')).toMatch(words)
  })

  it.each([
    ['hub', 'hubs: [{key: a}, {key: b}]'],
    ['enrollment-group', 'enrollment-groups: [{name: a}, {name: b}]']
  ])('has several of what the input %s names', (input, text) => {
    expect(problemsOf(text, { [input]: 'one' }).join('\n')).toContain(`${input}: has no meaning`)
  })

  it.each([
    ['.nan', 'is not a JSON value: a number must be finite'],
    ['-.inf', 'is not a JSON value: a number must be finite'],
    ['9007199254740993', 'is too large to be kept exactly: write it as a text, in quotes']
  ])('takes no value into a twin that JSON does not carry: %s', (value, rule) => {
    const text = `enrollment-groups:\n  - initial-twin:\n      tags: { a: [1, ${value}] }\n`
    expect(problemsOf(text)).toEqual([`config (iot.yml, line 3): ${rule}`])
  })

  it('takes no infinity for a name or a tag', () => {
    expect(problemsOf('tags: { a: .inf }\nidentity: .nan\n')).toEqual([
      'config (iot.yml, line 1): must be a single value',
      'config (iot.yml, line 2): must be a single value'
    ])
  })

  it('takes a zero for a zero, whatever its sign', () => {
    const twin = 'enrollment-groups: [{ initial-twin: { tags: { a: -0, b: "1e999" } } }]'
    const [group] = read(twin).enrollmentGroups
    expect(group?.initialTwin).toEqual({ tags: { a: 0, b: '1e999' } })
  })

  it('that is not there is refused, and an empty one says nothing', () => {
    expect(problemsOf('', { config: 'other.yml' })[0]).toContain('cannot be read (ENOENT)')
    expect(read('# nothing\n').hubs).toHaveLength(1)
  })

  it('never throws anything but named problems', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('westeurope', 'default', 'eu')
    )
    const names = fc.constantFrom(
      'location',
      'hubs',
      'policies',
      'enrollment-groups',
      'tags',
      'name',
      'key',
      'hubs',
      'initial-twin',
      'policy',
      '__proto__'
    )
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        scalar,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(names, tie('tree'), { maxKeys: 5 })
      )
    }))
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map((value) => JSON.stringify(value)),
          fc.string()
        ),
        (text) => {
          problemsOf(text)
        }
      ),
      { numRuns: 2000 }
    )
  })
})

describe('the published schema', () => {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(configSchema()) as object)

  it('takes what the code takes', () => {
    expect(validate(parse(FLEET))).toBe(false)
    // Tags are texts in the schema, so that editors ask for quotes; the code is lenient with numbers.
    expect(validate(parse(FLEET.replace('42', '"42"')))).toBe(true)
  })

  it('refuses unknown keys, as the code does', () => {
    expect(validate({ locaton: 'westeurope' })).toBe(false)
    expect(validate({ hubs: [{ weight: 3 }] })).toBe(false)
  })
})
