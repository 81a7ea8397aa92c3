// Writes the JSON Schema of the config file from the code that reads it: npm run schema
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { CONFIG } from '../src/settings/config/shape.ts'
import { publishedAt } from './repository.ts'

const FILE = new URL('../schemas/config.schema.json', import.meta.url)

/** The schema as the code has it now. */
export function configSchema(): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: publishedAt('schemas/config.schema.json'),
    title: 'provision-azure-iot: config file',
    ...CONFIG.schema
  }
  return `${JSON.stringify(schema, undefined, 2)}\n`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(FILE, configSchema())
}
