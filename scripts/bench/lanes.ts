/** Does something for each item, so many at a time. @returns what came of each, in their order */
export async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  act: (item: T) => Promise<R>
): Promise<readonly R[]> {
  const results: R[] = []
  const waiting = [...items.entries()]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      results[next[0]] = await act(next[1])
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}
