import type { Routes } from '../kernel.ts'
import type { OperationStore } from '../operations.ts'
import { HOST } from './addresses.ts'

const PROVIDER = '/subscriptions/:subscription/providers'
const DEVICES = '/subscriptions/:subscription/resourceGroups/:group/providers/Microsoft.Devices'

/** Where long-running operations are asked for (contract 2.3). A query part `location` marks the result address. */
export function registerStatus(routes: Routes, operations: OperationStore): void {
  const both = [
    `${PROVIDER}/Microsoft.Devices/locations/:location/provisioningserviceoperationresults/:operation`,
    `${DEVICES}/IotHubs/:hub/operationResults/:operation`,
    `${DEVICES}/provisioningServices/:dps/operationResults/:operation`,
    `${PROVIDER}/Microsoft.Devices/locations/:location/operationResults/:operation`,
    `${PROVIDER}/Microsoft.Devices/operationResults/:operation`
  ]
  for (const pattern of both) {
    routes.on(HOST, 'GET', pattern, (call) => {
      const kind = call.url.searchParams.has('location') ? 'result' : 'status'
      return operations.poll(call.params.operation ?? '', kind, call)
    })
  }
  const registry = `${PROVIDER}/Microsoft.DeviceRegistry/locations/:location`
  for (const statuses of ['operationStatuses', 'asyncOperationStatuses']) {
    routes.on(HOST, 'GET', `${registry}/${statuses}/:operation`, (call) =>
      operations.poll(call.params.operation ?? '', 'status', call)
    )
  }
  for (const pattern of [
    `${registry}/operationResults/:operation`,
    '/subscriptions/:subscription/operationresults/:operation'
  ]) {
    routes.on(HOST, 'GET', pattern, (call) =>
      operations.poll(call.params.operation ?? '', 'result', call)
    )
  }
}
