import { createRequire } from 'node:module'

/** What ncc makes of an entry. */
export interface Bundle {
  readonly code: string
  /** Source map of `code`; only where it was asked for. */
  readonly map?: string
  /** The other files, by name. */
  readonly assets: Readonly<
    Record<string, { readonly source: string | Buffer; readonly permissions: number }>
  >
  /** Webpack's. */
  readonly stats: { toJson(): unknown }
}

type Ncc = (entry: string, options: Readonly<Record<string, unknown>>) => Promise<Bundle>

/** What ncc leaves of an import that it did not find: it says nothing, and the import fails when it is reached. */
const UNFOUND = /eval\("require"\)\("(\.[^"]*)"\)/g

/**
 * Makes one file of compiled sources and what they import, and others for what is imported later.
 *
 * @param entry the file that the action starts with
 * @param project a tsconfig.json, for its `paths`
 * @param options ncc's, over those that every bundle has
 * @throws Error when a file that is imported was not found; a package may be missing, for some are optional
 */
export async function bundle(
  entry: string,
  project: string,
  options: Readonly<Record<string, unknown>> = {}
): Promise<Bundle> {
  process.env.TS_NODE_PROJECT = project
  const ncc = createRequire(import.meta.url)('@vercel/ncc') as Ncc
  const made = await ncc(entry, {
    // A package without `exports` has its ESM at `module`; its CommonJS would bring all that it imports a second time.
    mainFields: ['module', 'main'],
    sourceMapRegister: false,
    target: 'es2022',
    quiet: true,
    // Its cache lies outside of the checkout and knows the entry's path alone: what `project` maps is not looked up again.
    cache: false,
    ...options
  })
  const texts = [made.code, ...Object.values(made.assets).map(({ source }) => String(source))]
  const unfound = texts.flatMap((text) => [...text.matchAll(UNFOUND)].map(([, file]) => file))
  if (unfound.length > 0) throw new Error(`not found: ${unfound.join(', ')}`)
  return made
}
