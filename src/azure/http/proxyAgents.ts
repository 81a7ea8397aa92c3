/*
 * In the bundle in the place of the packages `http-proxy-agent` and `https-proxy-agent`: to read them takes a fifteenth of the
 * time before the first request, and only a job behind a proxy needs them. What imports them sees them once they are loaded.
 */

export let HttpProxyAgent: typeof import('http-proxy-agent').HttpProxyAgent
export let HttpsProxyAgent: typeof import('https-proxy-agent').HttpsProxyAgent

/** To be awaited before the first request where there is a proxy. */
export async function loadProxyAgents(): Promise<void> {
  // By their paths, for by their names they are this module.
  const [http, https] = await Promise.all([
    import('../../../node_modules/http-proxy-agent/dist/index.js'),
    import('../../../node_modules/https-proxy-agent/dist/index.js')
  ])
  HttpProxyAgent = http.HttpProxyAgent
  HttpsProxyAgent = https.HttpsProxyAgent
}
