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

/**
 * Makes one file of compiled sources and what they import, and others for what is imported later.
 *
 * @param entry the file that the action starts with
 * @param project a tsconfig.json, for its `paths`
 * @param options ncc's, over those that every bundle has
 */
export function bundle(
  entry: string,
  project: string,
  options: Readonly<Record<string, unknown>> = {}
): Promise<Bundle> {
  process.env.TS_NODE_PROJECT = project
  const ncc = createRequire(import.meta.url)('@vercel/ncc') as Ncc
  return ncc(entry, {
    // A package without `exports` has its ESM at `module`; its CommonJS would bring all that it imports a second time.
    mainFields: ['module', 'main'],
    sourceMapRegister: false,
    target: 'es2022',
    quiet: true,
    // Its cache lies outside of the checkout and knows the entry's path alone: what `project` maps is not looked up again.
    cache: false,
    ...options
  })
}
