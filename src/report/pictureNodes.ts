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
const HANDFUL = 2
/** Characters of a name that is worth its room: one that derives from the environment's is longer, and in the tables below. */
const SHORT_NAME = 16
/** Characters of a name that fit a box. */
const LONGEST_NAME = 40

/** Kinds of steps that are drawn, by the beginning of their ids; a root CA is no sibling of those that it issues. */
const DRAWN =
  /^(namespace$|credential$|dps$|certificate-authority\/root$|certificate-authority\/|policy\/|hub\/|enrollment-group\/)/

/** The kind of a step in as few letters as people use. */
export function shortKind(kind: string): string {
  return kind
    .replace('Device Provisioning Service', 'DPS')
    .replace('Device Registry namespace', 'Namespace')
}

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
        ? members.map((member) => ({ members: [member], alone: members.length === 1 }))
        : [...Map.groupBy(members, ({ word }) => word).values()].map((alike) => ({
            members: alike,
            alone: false
          }))
    )
    this.all = boxes.map(({ members, alone }, index) => {
      const id = `n${index}`
      for (const { step } of members) this.#ids.set(step.id, id)
      const [first] = members as [Standing]
      const { step, word, look } = first
      const kind = shortKind(step.kind)
      if (members.length > 1)
        return { id, family: step.id, lines: [`${members.length} × ${kind}`, word], look }
      const detail = look === 'shared' ? undefined : details[step.id]
      const name = nameOf(step.resource)
      // Of several, and of what is shared with others, only the name tells which.
      const named = !alone || look === 'shared' || name.length <= SHORT_NAME
      const lines = [kind, ...(named ? [short(name)] : []), ...(detail ? [detail] : []), word]
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
