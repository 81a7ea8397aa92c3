/**
 * What the runner's libraries have of their own HTTP client, for the bundle, where this takes its place: they look for a
 * proxy with it as soon as they are loaded. What speaks to GitHub here finds the proxy itself, and is `fetch.ts`.
 */
export class HttpClient {
  /** The way to a proxy that octokit would be given; with a `fetch` of one's own it is not asked for. */
  getAgent(): undefined {
    return undefined
  }

  /** The same for the runner's `fetch`. */
  getAgentDispatcher(): undefined {
    return undefined
  }
}

/** Belongs to the toolkit's way to an assertion, which `idToken.ts` replaces. */
export class BearerCredentialHandler {}
