import { CLOUD } from '../azure/clouds.ts'
import type { SignIn } from '../settings/settings.ts'

/** Where a run came from, and where to look further. What the runner does not tell is undefined. */
export interface Origin {
  /** SHA of the commit that the workflow runs on; undefined for a pull request. */
  readonly commit: string | undefined
  /** Branch or tag; for a pull request the branch that it comes from. */
  readonly ref: string | undefined
  /** Address of the workflow run. */
  readonly run: string | undefined
  /** Address of the resource group in the portal of its cloud. */
  readonly portal: string | undefined
  /** Address of the troubleshooting page of the version of the action that runs; undefined for one in the workspace. */
  readonly help: string | undefined
}

/**
 * @param env variables of the runner
 * @param groupId ARM id of the resource group, as far as it is known
 */
export function originOf(
  env: Readonly<Record<string, string | undefined>>,
  { cloud, tenantId }: Pick<SignIn, 'cloud' | 'tenantId'>,
  groupId: string | undefined
): Origin {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env
  const { GITHUB_ACTION_REPOSITORY: action, GITHUB_ACTION_REF: version } = env
  return {
    // Of a pull request, the runner only knows the commit of a merge that nobody made.
    commit: (!env.GITHUB_HEAD_REF && env.GITHUB_SHA) || undefined,
    ref: env.GITHUB_HEAD_REF || env.GITHUB_REF_NAME || undefined,
    run:
      server && repository && id
        ? address(`${server}/${repository}/actions/runs/${id}`)
        : undefined,
    portal:
      groupId === undefined
        ? undefined
        : address(`${CLOUD[cloud].portal}/#@${tenantId}/resource${groupId}/overview`),
    help:
      server && action && version
        ? address(`${server}/${action}/blob/${version}/docs/troubleshooting.md`)
        : undefined
  }
}

/** Names of groups may have brackets, which would end a link of Markdown. */
function address(text: string): string {
  return encodeURI(text).replace(
    /[()'*`|<>]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )
}
