// Draws the summary of each operation with a headless Chromium, as GitHub would, and measures it: npm run pictures, with
// --keep FOLDER for the screenshots, --only PART for those whose names have it, and --chromium PROGRAM where it has another
// name. On Debian: apt-get install chromium fonts-noto-color-emoji
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { page, type View } from './pictures/page.ts'
import { summaries } from './pictures/summaries.ts'

const { values } = parseArgs({
  options: {
    keep: { type: 'string' },
    chromium: { type: 'string', default: 'chromium' },
    only: { type: 'string', default: '' }
  }
})
const run = promisify(execFile)

/**
 * Pixels of the letters of a flowchart, which shrinks with the page; a telephone has three of its own for each, and GitHub
 * has buttons to look closer.
 */
const LEAST_LETTERS = { 360: 6, 900: 12 } as const

/** What a page measured of itself. */
interface Found {
  readonly view: View
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
await mkdir(folder, { recursive: true })
let drawn = 0
try {
  for await (const { name, markdown } of summaries(values.only)) {
    const file = join(folder, `${name}.html`)
    await writeFile(file, page(markdown))
    for (const found of await draw(file, name)) {
      hold(found, `${name}, ${Object.values(found.view).join(', ')}`, markdown)
      drawn += 1
    }
  }
  assert.ok(drawn > 0, `no summary is named ${values.only}`)
  console.log(`pictures: ${drawn} drawn, all as measured`)
} finally {
  if (values.keep === undefined) await rm(folder, { recursive: true })
}

/** What each view of a page measured. */
async function draw(file: string, name: string): Promise<readonly Found[]> {
  const shot = values.keep === undefined ? [] : [`--screenshot=${file.replace(/html$/, 'png')}`]
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--hide-scrollbars',
    '--allow-file-access-from-files',
    '--virtual-time-budget=600000',
    '--window-size=2540,2600'
  ]
  const { stdout } = await run(
    values.chromium,
    [...options, ...shot, '--dump-dom', `file://${file}`],
    { maxBuffer: 64 << 20 }
  )
  const json = /<script type="application\/json" id="found">(.*?)<\/script>/s.exec(stdout)?.[1]
  assert.ok(json, `${name}: nothing was measured`)
  return JSON.parse(json) as readonly Found[]
}

/** Whether a view shows all that is in the Markdown, and legibly. */
function hold(found: Found, what: string, markdown: string): void {
  assert.equal(found.error, '', what)
  assert.ok(found.emoji, `${what}: emoji have no font: apt-get install fonts-noto-color-emoji`)
  assert.deepEqual(found.overflow, [], `${what}: overflows`)
  assert.deepEqual(found.cut, [], `${what}: labels do not fit their boxes, or their chart`)
  assert.deepEqual(found.overlapping, [], `${what}: boxes overlap, or hide words`)
  assert.deepEqual(found.doubleIds, [], `${what}: charts share ids`)
  const least = LEAST_LETTERS[found.view.width]
  assert.ok(found.letters >= least, `${what}: letters of ${found.letters} pixels`)
  assert.equal(found.nodes, count(markdown, /^ +n\d+\[/gm), `${what}: boxes`)
  assert.equal(found.edges, count(markdown, /^ +n\d+ [-=].*> n\d+$/gm), `${what}: edges`)
  assert.equal(found.bars, count(markdown, / :(?:crit, )?\d+, \d+$/gm), `${what}: bars`)
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}
