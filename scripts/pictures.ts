// Draws the summary of each operation with a headless Chromium, as GitHub would, and measures it: npm run pictures, with
// --keep FOLDER for the screenshots, --only PART for those whose names have it, and --chromium PROGRAM where it has another
// name. On Debian: apt-get install chromium fonts-noto-color-emoji
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { page } from './pictures/page.ts'
import { summaries } from './pictures/summaries.ts'

const { values } = parseArgs({
  options: {
    keep: { type: 'string' },
    chromium: { type: 'string', default: 'chromium' },
    only: { type: 'string', default: '' }
  }
})
const run = promisify(execFile)

/** Pixels: a telephone, and the column of GitHub's job summary. */
const WIDTHS = [360, 900]
/** Pixels of the letters of a flowchart, which shrinks with the page: less is a blur. */
const LEAST_LETTERS = 8
const MERMAIDS = ['mermaid-11', 'mermaid'] as const
const THEMES = ['light', 'dark'] as const

/** What a page measured of itself. */
interface Found {
  readonly error: string
  readonly emoji: boolean
  readonly overflow: readonly string[]
  readonly cut: readonly string[]
  readonly overlapping: readonly string[]
  readonly doubleIds: readonly string[]
  readonly letters: number
  readonly bars: number
  readonly nodes: number
  readonly edges: number
}

const folder = values.keep ?? (await mkdtemp(join(tmpdir(), 'pictures-')))
let drawn = 0
try {
  for await (const { name, markdown } of summaries(values.only)) {
    for (const mermaid of MERMAIDS) {
      for (const theme of THEMES) {
        const file = join(folder, `${name}-${mermaid}-${theme}.html`)
        await writeFile(file, page(markdown, mermaid, theme))
        for (const width of WIDTHS)
          await draw(file, width, `${name}, ${mermaid}, ${theme}, ${width}`, markdown)
      }
    }
  }
  assert.ok(drawn > 0, `no summary is named ${values.only}`)
  console.log(`pictures: ${drawn} drawn, all as measured`)
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true })
}

async function draw(file: string, width: number, what: string, markdown: string): Promise<void> {
  const shot =
    values.keep === undefined ? [] : [`--screenshot=${file.replace(/html$/, `${width}.png`)}`]
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--virtual-time-budget=20000'
  ]
  const size = `--window-size=${width},1600`
  const { stdout } = await run(
    values.chromium,
    [...options, size, ...shot, '--dump-dom', `file://${file}`],
    { maxBuffer: 64 << 20 }
  )
  const json = /<script type="application\/json" id="found">(.*?)<\/script>/s.exec(stdout)?.[1]
  assert.ok(json, `${what}: nothing was measured`)
  const found = JSON.parse(json) as Found
  assert.equal(found.error, '', what)
  assert.ok(found.emoji, `${what}: emoji have no font: apt-get install fonts-noto-color-emoji`)
  assert.deepEqual(found.overflow, [], `${what}: overflows`)
  assert.deepEqual(found.cut, [], `${what}: labels do not fit their boxes, or their chart`)
  assert.deepEqual(found.overlapping, [], `${what}: boxes overlap`)
  assert.deepEqual(found.doubleIds, [], `${what}: charts share ids`)
  assert.ok(found.letters >= LEAST_LETTERS, `${what}: letters of ${found.letters} pixels`)
  assert.equal(found.nodes, count(markdown, /^ +n\d+\[/gm), `${what}: boxes`)
  assert.equal(found.edges, count(markdown, /^ +n\d+ [-=].*> n\d+$/gm), `${what}: edges`)
  assert.equal(found.bars, count(markdown, / :(?:crit, )?\d+, \d+$/gm), `${what}: bars`)
  drawn += 1
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}
