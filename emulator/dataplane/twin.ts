type Twin = Record<string, unknown>

/**
 * An initial twin as a service may keep it [INF]: without nulls, with every part that a twin has, and with its bookkeeping
 * in each collection (`TwinCollection` of its specification).
 */
export function completed(twin: unknown): Twin {
  const { tags, properties, ...rest } = (withoutNulls(twin) ?? {}) as Twin
  const { desired, ...more } = (properties ?? {}) as Twin
  return { ...rest, tags: collection(tags), properties: { ...more, desired: collection(desired) } }
}

function collection(given: unknown): Twin {
  const properties = (given ?? {}) as Twin
  const count = Object.keys(properties).length
  return { ...properties, version: 1, count, metadata: { lastUpdatedVersion: 1 } }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, withoutNulls(inner)])
  )
}
