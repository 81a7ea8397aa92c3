import type { Kernel, World } from './kernel.ts'
import type { Catalog } from './providers/catalog.ts'

/** What is there, by id: what a test or a person asks for. */
export function stateOf(
  { world, clock }: Kernel,
  catalog: Catalog
): Readonly<Record<string, unknown>> {
  const bodies = (map: World['resources']) =>
    Object.fromEntries(
      [...map.values()].filter(({ secret }) => !secret.fromConfig).map(({ id, body }) => [id, body])
    )
  return {
    time: new Date(clock.now()).toISOString(),
    resources: bodies(world.resources),
    roleAssignments: bodies(world.roleAssignments),
    roleDefinitions: bodies(world.roleDefinitions),
    locks: bodies(world.locks),
    enrollmentGroups: bodies(world.enrollmentGroups),
    comments: bodies(world.comments),
    principals: Object.fromEntries(world.principals),
    providers: catalog.states()
  }
}
