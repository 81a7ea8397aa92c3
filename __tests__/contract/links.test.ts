import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { lexer, type Token, walkTokens } from 'marked'
import { ERROR_CATALOGUE } from '../../src/azure/errors/errorCatalogue.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = globSync(['*.md', 'docs/*.md', '.github/*.md'], { cwd: root })
const tokens = new Map(pages.map((page) => [page, all(readFileSync(join(root, page), 'utf8'))]))

function all(text: string): readonly Token[] {
  const found: Token[] = []
  void walkTokens(lexer(text), (token) => {
    found.push(token)
  })
  return found
}

/** The anchors that GitHub gives to the headings of a page: the second of the same text ends in `-1`. */
function anchors(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>()
  return new Set(
    (tokens.get(page) ?? []).flatMap((token) => {
      if (token.type !== 'heading') return []
      const plain = (token.tokens ?? []).map((one) => ('text' in one ? one.text : one.raw)).join('')
      const slug = plain
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-')
      const count = seen.get(slug) ?? 0
      seen.set(slug, count + 1)
      return [count === 0 ? slug : `${slug}-${count}`]
    })
  )
}

/** What is wrong with a link on a page, or undefined. */
function wrong(page: string, href: string): string | undefined {
  if (/^https:\/\//.test(href)) return URL.canParse(href) ? undefined : 'not an address'
  const [path = '', anchor] = href.split('#')
  const file = path === '' ? page : relative(root, join(root, dirname(page), path))
  if (!existsSync(join(root, file))) return 'no such file'
  if (anchor !== undefined && !anchors(file).has(anchor)) return 'no such heading'
  return undefined
}

const links = (page: string) =>
  (tokens.get(page) ?? []).flatMap((token) =>
    token.type === 'link' || token.type === 'image' ? [token.href as string] : []
  )

describe('links of the documents', () => {
  it('are looked at: a missing file, a missing heading and a plain http address are noticed', () => {
    const told = ['docs/none.md', '#none', 'docs/security.md#none', 'http://example.com']
    expect(told.map((href) => wrong('README.md', href))).toEqual([
      ...['no such file', 'no such heading', 'no such heading', 'no such file']
    ])
    expect(wrong('docs/security.md', '../README.md#setting-up-azure-once')).toBeUndefined()
  })

  it.each(pages)('%s leads to files and headings that are there', (page) => {
    const broken = links(page).flatMap((href) => {
      const why = wrong(page, href)
      return why === undefined ? [] : [`${href}: ${why}`]
    })
    expect(broken).toEqual([])
  })

  it('in messages of the action lead to headings that are there', () => {
    const text = ERROR_CATALOGUE.map(({ advice }) => advice).join('\n')
    const named = [...text.matchAll(/\b(README\.md|docs\/[\w-]+\.md)(#[a-z-]+)?/g)]
    expect(named).not.toEqual([])
    for (const [href] of named) expect([href, wrong('README.md', href)]).toEqual([href, undefined])
  })
})
