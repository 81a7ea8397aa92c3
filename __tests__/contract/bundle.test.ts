import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'

const dist = new URL('../../dist/', import.meta.url)
const scripts = readdirSync(dist).filter((name) => name.endsWith('.js'))
/** Packages that the sources import. */
const imported = new Set(
  globSync('src/**/*.ts', { cwd: new URL('../../', import.meta.url) }).flatMap((path) =>
    [
      ...readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8').matchAll(
        /^(?:import (?!type)|export \{)[^']*'((?:@[\w-]+\/)?[\w-]+)/gm
      )
    ].map(([, name]) => name as string)
  )
)

describe('dist', () => {
  it('is at most 1.3 MB of scripts', () => {
    const bytes = scripts.reduce((sum, name) => sum + statSync(new URL(name, dist)).size, 0)
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThanOrEqual(1_300_000)
  })

  it('has every module compiled with its file', () => {
    const text = scripts.map((name) => readFileSync(new URL(name, dist), 'utf8')).join('\n')
    expect(text.match(/[{,]\d+:\((?:\w+|\([\w,]*\))=>/g)?.length).toBeGreaterThan(200)
    expect(text.match(/[{,]\d+:(?:\w+|\([\w,]*\))=>/g)).toBeNull()
  })

  it('names no path of the machine it was built on', () => {
    for (const name of scripts) {
      const text = readFileSync(new URL(name, dist), 'utf8')
      expect(text.match(/(?:\/home\/|\/Users\/|\/root\/|file:\/\/\/)[\w.-]+/g)).toBeNull()
    }
  })

  it('carries the licence of every dependency that is in it', () => {
    const licenses = readFileSync(new URL('licenses.txt', dist), 'utf8')
    expect(imported.size).toBeGreaterThan(5)
    for (const name of [...imported].filter((one) => one !== 'node')) {
      expect([name, licenses.includes(`\n${name}@`) || licenses.startsWith(`${name}@`)]).toEqual([
        name,
        true
      ])
    }
  })
})
