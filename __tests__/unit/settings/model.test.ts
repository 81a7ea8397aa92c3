import { describe, expect, it } from '@jest/globals'
import { misfits } from '../../../src/settings/model.ts'
import { REQUIRED, reader, readOne } from './fakeInputs.ts'

const read = (inputs: Record<string, string>) =>
  readOne(reader({ ...REQUIRED, location: 'westeurope', ...inputs }))
const NEWEST = { 'service-version': '2026-11-01' }
const TUTORIAL = { 'service-version': '2025-11-01-preview' }

describe('the model of the service', () => {
  it('is found out when nothing is said', () => {
    expect(read({}).model).toMatchObject({ version: 'auto' })
  })

  it.each([
    [
      NEWEST,
      { 'hub-location': 'northeurope' },
      'hub-location: must be the region of the namespace'
    ],
    [NEWEST, { policies: 'aaa=30\nbbb=30\nccc=30\nddd=30' }, 'policies: must be at most 3'],
    [NEWEST, { policy: 'a'.repeat(56) }, 'policies: must have names of at most 55 characters'],
    [TUTORIAL, { 'leaf-validity-days': '6' }, 'leaf-validity-days: must be at least 7']
  ])('%j cannot honour %j', (version, inputs, message) => {
    expect(() => read({ ...version, ...inputs })).toThrow(message)
  })

  it.each([
    [NEWEST, { 'onboarding-role': 'false' }, 'onboarding-role'],
    [NEWEST, { identity: 'id-one' }, 'identity'],
    [NEWEST, { 'hub-app-grant': 'required' }, 'hub-app-grant'],
    [TUTORIAL, { 'link-existing': 'true' }, 'link-existing']
  ])('%j ignores %j with a word', (version, inputs, name) => {
    expect(read({ ...version, ...inputs }).warnings).toEqual([
      `Input \`${name}\` has no meaning in service version ${version['service-version']}.`
    ])
  })

  it('says nothing of defaults that a runner passes', () => {
    const defaults = {
      'hub-app-grant': 'optional',
      'onboarding-role': 'true',
      'link-existing': 'false'
    }
    expect(read({ ...NEWEST, ...defaults }).warnings).toEqual([])
    expect(read({ ...TUTORIAL, ...defaults }).warnings).toEqual([])
  })

  it('that is found out later is asked the same', () => {
    const { model } = read({ 'hub-location': 'northeurope', 'leaf-validity-days': '3' })
    const told: string[] = []
    misfits(model, '2026-11-01', (input) => void told.push(input))
    misfits(model, '2025-11-01-preview', (input) => void told.push(input))
    expect(told).toEqual(['hub-location', 'leaf-validity-days'])
  })
})
