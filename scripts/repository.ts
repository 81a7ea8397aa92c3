import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

/** Where the action is published. */
interface Repository {
  /** OWNER/NAME on GitHub. */
  readonly slug: string
  readonly owner: string
  /** Who `author` of package.json names. */
  readonly author: string
}

const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  readonly author: string
  readonly repository: { readonly url: string }
}

/** What package.json says of it: the only place where the owner is written by hand. */
export const repository: Repository = (() => {
  const { author } = manifest
  const [, owner, name] =
    /github\.com\/([\w.-]+)\/([\w-]+)\.git$/.exec(manifest.repository.url) ?? []
  if (owner === undefined || name === undefined)
    throw new Error('`repository.url` of package.json is no address of a repository on GitHub')
  return { slug: `${owner}/${name}`, owner, author }
})()

/** The major version that workflows name, a tag that moves. */
export const MAJOR = `v${/"version": "(\d+)\./.exec(readFileSync(`${ROOT}package.json`, 'utf8'))?.[1]}`

/**
 * An address at which a file of the newest release of this major version can be read.
 *
 * @param path below the repository's top
 */
export function publishedAt(path: string): string {
  return `https://raw.githubusercontent.com/${repository.slug}/${MAJOR}/${path}`
}

/** Files, by their paths below the top, that may name the repository or its owner. */
export function addressedFiles(): readonly string[] {
  return [
    ...['action.yml', 'CODEOWNERS', '*.md', 'docs/**/*.md', 'examples/**/*.yml'],
    ...['.github/**/*.yml', '.github/CODEOWNERS', 'scripts/workflows/zizmor.yml']
  ]
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .toSorted()
}

/** The text of one of these files with the repository, its owner and its author as package.json names them. */
export function addressed(text: string): string {
  const [, name] = repository.slug.split('/')
  return text
    .replace(new RegExp(`(?<![\\w./-])[\\w-]+/${name}(?=[@:/\`\\s])`, 'g'), repository.slug)
    .replace(
      new RegExp(`(github(?:usercontent)?\\.com/)[\\w-]+/${name}\\b`, 'g'),
      `$1${repository.slug}`
    )
    .replace(/^author: .*$/m, `author: ${repository.author}`)
    .replace(/^(\* +)@[\w-]+$/m, `$1@${repository.owner}`)
}
