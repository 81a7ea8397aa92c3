/** `*` stands for any run of characters, slashes included; case does not count. */
export function matches(pattern: string, action: string): boolean {
  const expression = pattern
    .split('*')
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  return new RegExp(`^${expression}$`, 'i').test(action)
}
