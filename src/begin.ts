import { CLOUD, scopeOf } from './azure/clouds.ts'
import { httpClient } from './azure/http/client.ts'
import { departure } from './azure/http/departure.ts'
import { InFlight } from './azure/http/inFlight.ts'
import { tokenAhead } from './azure/signIn/askedAhead.ts'
import { createCredential } from './azure/signIn/signIn.ts'
import { realTime } from './azure/time.ts'
import type { Means, Started } from './means.ts'
import { LastAzureActivity } from './report/lastAzureActivity.ts'
import type { Settings } from './settings/settings.ts'

/**
 * The sign-in comes before all that works with it. That is read while GitHub thinks, after what the sign-in needs itself, and
 * set to work while Entra does.
 */
export async function begin(settings: Settings, means: Means): Promise<void> {
  const started = start(settings, means)
  const { credential, first } = asked(settings, started)
  const read = departure(1, first).then(() => import('./run.ts'))
  const [{ run }] = await Promise.all([read, first])
  await run(settings, means, { ...started, credential })
}

function start(settings: Settings, { log, stop, askGitHub }: Means): Started {
  const { operation, signIn, concurrency } = settings
  const environment = operation === 'sweep' ? settings.base : settings.environment
  // By a clock that nobody sets: guards are measured by it.
  const started = performance.now()
  const elapsed = () => Math.round(performance.now() - started)
  const heard = new LastAzureActivity(elapsed)
  const wire = {
    ...log,
    httpClient: new InFlight(httpClient, concurrency),
    time: realTime,
    signal: stop.signal,
    notify: (text: string) => {
      heard.notice(text)
      log.info(text)
    },
    answered: heard.answer
  }
  const credential = createCredential(signIn, {
    ...wire,
    askGitHub,
    env: process.env,
    repositoryId: environment.ownership.repositoryId
  })
  return { environment, elapsed, heard, wire, credential }
}

/** The second request, after the one for the assertion. Other ways of signing in are not asked by this process, or not first. */
function asked({ signIn }: Settings, { credential }: Started) {
  if (signIn.credential !== 'oidc') return { credential, first: Promise.resolve() }
  const { ask, first } = tokenAhead(credential, scopeOf(CLOUD[signIn.cloud].arm))
  return { credential: ask, first: departure(2, first) }
}
