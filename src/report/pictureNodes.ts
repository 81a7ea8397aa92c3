import type { PictureDetails } from './pictureDetails.ts'
import type { Standing } from './standings.ts'
import { nameOf } from './text.ts'

/** One box of the picture. */
export interface Node {
  readonly id: string
  /** Id of the step, or of the first of those that are drawn as one. */
  readonly family: string
  readonly lines: readonly string[]
  readonly look: Standing['look']
}

/** More side by side would be too small to read: then those that stand alike are one box. */
const HANDFUL = 4
/** Characters of a name that fit a box. */
const LONGEST_NAME = 40

/** Kinds of steps that are drawn, by the beginning of their ids; a root CA is no sibling of those that it issues. */
const DRAWN =
  /^(namespace$|credential$|dps$|certificate-authority\/root$|certificate-authority\/|policy\/|hub\/|enrollment-group\/)/

/** The boxes of a picture. */
export class Nodes {
  readonly all: readonly Node[]
  readonly #ids = new Map<string, string>()

  constructor(standings: readonly Standing[], { details }: Pick<PictureDetails, 'details'>) {
    const families = Map.groupBy(
      standings.filter(({ step }) => familyOf(step.id) !== undefined),
      ({ step }) => familyOf(step.id)
    )
    const boxes = [...families.values()].flatMap((members) =>
      members.length <= HANDFUL
        ? members.map((member) => [member])
        : [...Map.groupBy(members, ({ word }) => word).values()]
    )
    this.all = boxes.map((members, index) => {
      const id = `n${index}`
      for (const { step } of members) this.#ids.set(step.id, id)
      const [first] = members as [Standing]
      const { step, word, look } = first
      const detail = look === 'shared' ? undefined : details[step.id]
      const lines =
        members.length === 1
          ? [step.kind, short(nameOf(step.resource)), ...(detail ? [detail] : []), word]
          : [`${step.kind} × ${members.length}`, word]
      return { id, family: step.id, lines, look }
    })
  }

  /** The box that a step is drawn in. */
  idOf(step: string): string | undefined {
    return this.#ids.get(step)
  }
}

function familyOf(id: string): string | undefined {
  return DRAWN.exec(id)?.[1]
}

function short(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}…`
}
