import { globSync } from 'node:fs'

/** Mutants that the unit tests alone have to notice, in per cent. */
export const LEAST_KILLED = 85

/** Sources whose comparisons decide what happens to somebody's resources. */
interface Scope {
  readonly files: readonly string[]
  readonly why: string
  /** Async functions among them that decide something themselves. */
  readonly awaiting?: readonly string[]
}

const SCOPE: readonly Scope[] = [
  {
    files: ['src/engine/{verdict,plan,checkPlan,teardown,converge,digest,facts}.ts'],
    why: 'what a verdict means, what stops a plan, what goes and what stays'
  },
  {
    files: ['src/settings/{ownerTags,ownership}.ts', 'src/resources/{ownership,family}.ts'],
    why: 'whose a resource is'
  },
  {
    files: [
      'src/resources/{differences,state,creationPreflight,lifecycle,childResource,armResource,late,model,offer,joining}.ts'
    ],
    why: 'what every resource is judged by'
  },
  {
    files: ['src/resources/{creation,completion,removal,locks,subscriptionInventory}.ts'],
    why: 'which failures pass, what keeps a resource, and what is good enough to go on'
  },
  {
    files: ['src/steps/*.ts'],
    why: 'judge, differences and teardown of the steps that both models have'
  },
  {
    files: [
      'src/generations/*.ts',
      'src/generations/credentialsAndPolicies/*.ts',
      'src/generations/certificateAuthorities/*.ts'
    ],
    why: 'the same of each model, and which steps an environment has'
  },
  {
    files: [
      'src/azure/http/{retry,retryAfter,wait}.ts',
      'src/azure/errors/{grantPending,notServed,undefinedIfForbidden}.ts'
    ],
    why: 'which failures are tried again, and when',
    awaiting: ['undefinedIfForbidden']
  },
  {
    files: [
      'src/operations/{candidates,destroy,failures,judgement,observedResources,removals,serviceVersion,sweep}.ts'
    ],
    why: 'what a sweep takes, what a teardown leaves, and what a run fails with',
    awaiting: ['judge']
  }
]

/** @param root the repository @returns every file of the list, by its path from the root */
export function filesInScope(
  root: string
): readonly { readonly file: string; readonly awaiting: readonly string[] }[] {
  return SCOPE.flatMap(({ files, awaiting = [] }) =>
    globSync([...files], { cwd: root })
      .toSorted()
      .map((file) => ({ file, awaiting }))
  )
}
