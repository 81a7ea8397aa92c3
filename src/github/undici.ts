/**
 * What the runner's libraries import of undici, for the bundle, where this takes its place: they make their `fetch` for
 * octokit of it.
 */
export { fetch } from './fetch.ts'
