/**
 * In the bundle in the place of the package that starts a browser, for a way of signing in that no job has: nobody sits
 * before a runner.
 */
export default function open(url: string): never {
  throw new Error(`There is no browser to open ${new URL(url).origin} in.`)
}
