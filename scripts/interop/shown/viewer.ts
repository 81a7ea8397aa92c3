import { at } from '../facts.ts'
import type { Run, Stage } from '../stage.ts'

export type Body = Readonly<Record<string, unknown>>

/** What stands in a body at these places. */
export function fieldsOf(body: unknown, places: readonly string[]): Body {
  return Object.fromEntries(places.map((place) => [place, at(body, place)]))
}

/** In one order, whatever order Azure has. */
export const byText = (a: string, b: string): number => (a < b ? -1 : 1)

export type Viewer = ReturnType<typeof viewer>

/** What it takes to look at what one run made, and to compare it. @param subject begins the name of each fact */
export function viewer(stage: Stage, run: Run, subject: string) {
  const { az, facts, azure } = stage
  const outputs = run.outputs
  const of = (name: string): string => {
    const value = outputs[name]
    if (value === undefined) throw new Error(`the action has no output '${name}'`)
    return value
  }
  const inGroup = ['--resource-group', of('resource-group')]
  const resource = (id: string, version: string) =>
    az.ask('resource', 'show', '--ids', id, '--api-version', version)
  /** What lies below an id, where the CLI has no command for it. */
  const rest = (path: string, version: string) =>
    az.ask('rest', '--method', 'get', '--url', `${path}?api-version=${version}`)
  const fields = (what: string, ours: Body, theirs: unknown) =>
    facts.fields(`${subject} | ${what}`, ours, theirs)
  /** One by one: there is another mark on each. */
  const tags = (what: string, body: Body, theirs: unknown) => {
    const ours = body.tags as Body
    fields(
      what,
      Object.fromEntries(Object.keys(ours).map((tag) => [`tags.${tag}`, ours[tag]])),
      theirs
    )
    facts.agree(
      `${subject} | ${what} | tags, all`,
      Object.keys(ours).sort(byText),
      Object.keys(at(theirs, 'tags') as Body).sort(byText)
    )
  }
  const agree = (what: string, ours: unknown, theirs: unknown) =>
    facts.agree(`${subject} | ${what}`, ours, theirs)
  return { az, azure, run, of, inGroup, resource, rest, fields, tags, agree }
}
