import type { Body, Resource, Scenario } from './scenario.ts'

/** What people, templates and other tools do to the resources of a scenario, behind the back of the action. */
export class Plants {
  readonly #scenario: Scenario

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  /** Everything durable, without what Azure itself keeps. */
  state(): Body {
    const { providers: _kept, principals: _directory, ...rest } = this.#scenario.snapshot() as Body
    return rest
  }

  /** The resource of this id as a GET shows it. */
  at(id: string): Body | undefined {
    return this.#scenario.azure.world.resources.get(id.toLowerCase())?.body
  }

  plant(id: string, body: Body, secret: Resource['secret'] = {}): Resource {
    const resource = { id, body: { ...structuredClone(body), id, name: nameOf(id) }, secret }
    this.#scenario.azure.world.resources.set(id.toLowerCase(), resource)
    return resource
  }

  /** A resource group beside the one that there is, made by somebody else. @returns its id */
  group(name: string): string {
    const { id, body } = this.#scenario.only('resourceGroups')
    return this.plant(id.replace(/[^/]+$/, name), { ...body, tags: {} }).id
  }

  /** What a template makes of an exported resource: all is the same, tags as well, but its place. */
  copy({ id, body, secret }: Resource, group: string, name = nameOf(id)): Resource {
    return this.plant(id.replace(groupOf(id), group).replace(/[^/]+$/, name), body, secret)
  }

  /** As `az resource move` does: the id changes, and the tags do not. */
  move(resource: Resource, group: string): Resource {
    const there = this.copy(resource, group)
    this.#scenario.azure.world.resources.delete(resource.id.toLowerCase())
    return there
  }
}

export function nameOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}

/** Name of the resource group that an id lies in, or is. */
export function groupOf(id: string): string {
  return id.split('/')[4] ?? ''
}
