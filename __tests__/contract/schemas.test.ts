import { readFileSync } from 'node:fs'
import { expect, it } from '@jest/globals'
import { configSchema } from '../../scripts/schema.ts'

it('schemas/config.schema.json is what the code reads', () => {
  const file = new URL('../../schemas/config.schema.json', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(configSchema())
})
