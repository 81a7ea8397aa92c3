import type { Azure } from '../azure/azure.ts'
import type { Dps, Hub } from '../resources/model.ts'
import type { Generation } from './generation.ts'

type Reader = Pick<Azure, 'arm' | 'versions'>

/** By what a resource of one model is told from that of another (contract B 11); undefined is what is not there. */
interface Marks {
  hub(hub: Hub | undefined): boolean
  dps(dps: Dps | undefined): boolean
  /** A namespace is the same in every model but for what is below it, which has to be looked up. */
  namespace(azure: Reader, id: string, signal: AbortSignal): Promise<boolean>
}

/** Reads what is at an id in the versions of a model, and looks for the marks of the model. */
export function recogniser(marks: Marks): Generation['recognises'] {
  return async ({ arm, versions }, which, id, signal) => {
    switch (which) {
      case 'hub': {
        const operation = 'read IoT hub'
        return marks.hub(await arm.get<Hub>(id, versions.iotHub, { operation, signal }))
      }
      case 'dps': {
        const operation = 'read Device Provisioning Service'
        return marks.dps(await arm.get<Dps>(id, versions.provisioning, { operation, signal }))
      }
      case 'namespace':
        return marks.namespace({ arm, versions }, id, signal)
    }
  }
}
