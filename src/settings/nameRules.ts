/** Which names Azure takes for what (contract section 3), so that a bad one fails before anything is made. */

export type Kind =
  | 'resource-group'
  | 'identity'
  | 'namespace'
  | 'hub'
  | 'dps'
  | 'enrollment-group'
  | 'policy'

export interface NameRule {
  readonly least: number
  readonly most: number
  readonly pattern: RegExp
  /** Completes "3 to 50 …". */
  readonly says: string
  /** The name becomes part of a DNS name: Azure refuses reserved words and trademarks in it. */
  readonly public?: true
}

export const NAME_RULES: Readonly<Record<Kind, NameRule>> = {
  'resource-group': {
    least: 1,
    most: 90,
    pattern: /^[-\w.()]*[-\w()]$/,
    says: 'letters, digits and - _ . ( ), not ending with .'
  },
  identity: {
    least: 3,
    most: 128,
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
    says: 'letters, digits, - and _, starting with a letter or digit'
  },
  namespace: {
    least: 3,
    most: 64,
    pattern: /^[a-z0-9][a-z0-9-]*[a-z0-9]$/,
    says: 'lower-case letters, digits and hyphens, no hyphen at either end'
  },
  hub: {
    least: 3,
    most: 50,
    // Azure's own pattern; a name of digits alone is refused as well.
    pattern: /^(?![0-9]+$)[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/,
    says: 'letters, digits and hyphens, no hyphen at either end, not digits alone',
    public: true
  },
  dps: {
    least: 3,
    most: 64,
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]$/,
    says: 'letters, digits and hyphens, no hyphen at either end',
    public: true
  },
  'enrollment-group': {
    least: 1,
    most: 128,
    pattern: /^[A-Za-z0-9](?:[A-Za-z0-9:._-]*[A-Za-z0-9])?$/,
    says: 'letters, digits and : . _ -, with a letter or digit at both ends'
  },
  policy: {
    least: 3,
    most: 63,
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]*$/,
    says: 'letters, digits and hyphens, starting with a letter or digit'
  }
}

/** Error `ReservedResourceName`: these anywhere in a name with a public endpoint, `login` at its start. */
export const RESERVED_WORDS = ['microsoft', 'windows'] as const
const RESERVED = new RegExp(`${RESERVED_WORDS.join('|')}|^login`, 'i')

/** The rule that the name breaks, ready for a message; undefined when the name is legal. */
export function brokenNameRule(kind: Kind, name: string): string | undefined {
  const { least, most, pattern, says, public: isPublic } = NAME_RULES[kind]
  if (name.length < least || name.length > most || !pattern.test(name)) {
    return `must be ${least} to ${most} characters: ${says}`
  }
  if (isPublic && RESERVED.test(name)) {
    return `must not contain ${RESERVED_WORDS.join(' or ')} or start with login: Azure reserves them`
  }
  return undefined
}
