import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { Ajv } from 'ajv'
import { outputsOf } from '../../../src/report/outputs.ts'
import { report, result } from './sample.ts'

/** What Linux takes as one variable of a process, its name included (`MAX_ARG_STRLEN`). */
const VARIABLE = 128 * 1024

const id = (hub: number) =>
  `/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-iot/providers/Microsoft.Devices/IotHubs/hub-${hub}`

function reportOf(hubs: number) {
  const results = Array.from({ length: hubs }, (_, hub) => result(id(hub)))
  const check = { what: 'is active', remedy: 'Look at its activity log in the portal.' }
  return report({
    results,
    checks: results.map(({ step }, hub) => ({ step, ...check, holds: hub !== 7 }))
  })
}

const schema = JSON.parse(
  readFileSync(new URL('../../../schemas/outputs.schema.json', import.meta.url), 'utf8')
)
const fits = new Ajv({ strict: false }).compile({ ...schema, $ref: '#/definitions/result' })

const resultOf = (hubs: number) => {
  const { result: text = '' } = outputsOf(reportOf(hubs))
  return { text, value: JSON.parse(text) }
}

describe('the output result', () => {
  test('is told in full while a variable takes it', () => {
    const { value } = resultOf(20)
    expect(fits(value)).toBe(true)
    expect(value.compact).toBeUndefined()
    expect(fits({ ...value, steps: [{ id: 'x', resource: 'y', outcome: 'created' }] })).toBe(false)
    expect(value.steps[0]).toMatchObject({ kind: 'IoT hub', outcome: 'created', seconds: 41 })
    expect(value.checks).toHaveLength(20)
  })

  test('is compact, and says so, where it would be too long for one', () => {
    const { value, text } = resultOf(400)
    expect(Buffer.byteLength(text)).toBeLessThan(VARIABLE)
    expect(fits(value)).toBe(true)
    expect(value.compact).toBe(true)
    expect(value.steps).toHaveLength(400)
    expect(value.steps[3]).toEqual({ id: id(3), resource: id(3), outcome: 'created' })
    expect(value.checks.map(({ resource }: { resource: string }) => resource)).toEqual([id(7)])
    expect(value.succeeded).toBe(true)
  })
})
