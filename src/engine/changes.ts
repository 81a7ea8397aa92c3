import type { Change } from './verdict.ts'

/** A change in one line. */
export function changeText({ property, before, after }: Change): string {
  return `${property}: ${valueText(before)} → ${valueText(after)}`
}

/** A property of what is created, in one line. */
export function bornText({ property, after }: Change): string {
  return `${property}: ${valueText(after)}`
}

/** A value as JSON, `absent` where there is none. */
export function valueText(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value)
}
