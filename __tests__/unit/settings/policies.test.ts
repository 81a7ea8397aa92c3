import { describe, expect, it } from '@jest/globals'
import { REQUIRED, reader, readOne } from './fakeInputs.ts'

const read = (inputs: Record<string, string>) => readOne(reader({ ...REQUIRED, ...inputs }))

describe('policies', () => {
  it('is one with its own name and validity', () => {
    const { environment } = read({ policy: 'short-lived', 'leaf-validity-days': '7' })
    expect(environment.policies).toEqual([{ name: 'short-lived', leafValidityDays: 7 }])
    expect(environment.enrollmentGroups[0]?.policy).toBe('short-lived')
  })

  it('are several, and the group binds to the first unless another is named', () => {
    const policies = 'gateways = 30\n\nsensors=14'
    expect(read({ policies }).environment.policies).toEqual([
      { name: 'gateways', leafValidityDays: 30 },
      { name: 'sensors', leafValidityDays: 14 }
    ])
    expect(read({ policies }).environment.enrollmentGroups[0]?.policy).toBe('gateways')
    const named = read({ policies, policy: 'Sensors' }).environment.enrollmentGroups
    expect(named[0]?.policy).toBe('sensors')
  })

  it('warn of a validity that the service may refuse', () => {
    const { warnings, environment } = read({
      'service-version': '2025-11-01-preview',
      policies: 'short=30\nlong=31\nlonger=90'
    })
    expect(environment.policies).toHaveLength(3)
    expect(warnings).toHaveLength(2)
    expect(warnings[0]).toContain('Policy long asks for certificates of 31 days')
  })

  it('are none without certificates', () => {
    const { environment, warnings } = read({ certificates: 'false' })
    expect(environment.policies).toEqual([])
    expect(environment.enrollmentGroups[0]?.policy).toBeUndefined()
    expect(warnings).toEqual([])
  })

  it.each([
    [{ policies: 'abc=0' }, '"abc=0": days must be a whole number from 1 to 90'],
    [{ policies: 'abc=91' }, '"abc=91": days must be a whole number'],
    [{ policies: 'abc' }, '"abc": must be name=days'],
    [{ policies: 'abc=' }, '"abc=": days must be'],
    [{ policies: '=30' }, '"": must be 3 to 63 characters'],
    [{ policies: 'abc=30=40' }, '"abc=30=40": must be name=days'],
    [{ policies: 'a_b=30' }, '"a_b": must be 3 to 63 characters'],
    [{ policies: 'abc=30\nABC=40' }, '"ABC": is given twice'],
    [{ policies: 'abc=30', policy: 'xyz' }, '- policy: "xyz": must be one of policies: abc'],
    [{ policies: 'abc=30', 'leaf-validity-days': '30' }, 'leaf-validity-days: is replaced by'],
    [{ 'leaf-validity-days': '0' }, 'leaf-validity-days: "0": must be a whole number from 1 to 90'],
    [{ certificates: 'false', policy: 'abc' }, 'policy: has no meaning with certificates: false'],
    [{ certificates: 'false', policies: 'abc=30' }, 'policies: has no meaning'],
    [{ certificates: 'false', 'leaf-validity-days': '30' }, 'leaf-validity-days: has no meaning']
  ])('%j is one problem', (inputs, message) => {
    expect(() => read(inputs as Record<string, string>)).toThrow(message)
    expect(() => read(inputs as Record<string, string>)).toThrow('The inputs have 1 problem:')
  })
})
