import { getOctokit } from '@actions/github'
import { ForeignHostError, isOf } from './azure/http/hostGuard.ts'

/**
 * GitHub's API, for whoever has this token. Lists are followed from page to page by what GitHub answers, and the token goes
 * with them: nowhere but to GitHub.
 *
 * @throws ForeignHostError from any request that was led elsewhere
 */
export function gitHub(token: string): ReturnType<typeof getOctokit> {
  const octokit = getOctokit(token)
  octokit.hook.before('request', ({ baseUrl, url }) => {
    const service = { name: 'GitHub', hosts: [new URL(baseUrl).host] }
    // Ours are paths; an address with a host came from an answer.
    if (!URL.canParse(url) || isOf(service, url)) return
    const doing = 'read a list of GitHub'
    throw new ForeignHostError(url, service, { doing, told: 'GitHub said to go on (`link`) at' })
  })
  return octokit
}
