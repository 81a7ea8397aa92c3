import type { Kernel } from '../kernel.ts'

/** [INF] Both: what is made in a namespace, or joined to it, waits for the end of its operation, or only for its state. */
export function refusesAtWork({ config, operations }: Kernel, namespaceId: string): boolean {
  return config().namespaceAtWork === 'refuses' && operations.busy(namespaceId)
}
