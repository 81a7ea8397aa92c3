import { at, Facts } from '../facts.ts'
import { type Stage, succeeded } from '../stage.ts'
import { shown } from './shown.ts'
import { MODEL } from './versions.ts'

const INPUTS = { ...MODEL, environment: 'planted', location: 'westeurope', tags: 'team=iot' }

interface Planted {
  /** The resource's type, as its id has it. */
  readonly type: string
  /** Where in its body. */
  readonly place: string
  readonly value: unknown
  /** The fact that has to differ. */
  readonly fact: string
}

const PLANTED: readonly Planted[] = [
  { type: 'IotHubs', place: 'sku.capacity', value: 2, fact: 'iot hub show | sku.capacity' },
  { type: 'IotHubs', place: 'tags.team', value: 'planted', fact: 'iot hub show | tags.team' },
  {
    type: 'IotHubs',
    place: 'properties.cloudToDevice.defaultTtlAsIso8601',
    value: 'PT2H',
    fact: 'iot hub show | properties.cloudToDevice.defaultTtlAsIso8601, in seconds'
  },
  {
    type: 'provisioningServices',
    place: 'properties.idScope',
    value: '0nePLANTED',
    fact: 'iot dps show | properties.idScope'
  },
  {
    type: 'provisioningServices',
    place: 'tags.planted',
    value: 'more',
    fact: 'iot dps show | tags, all'
  }
]

/** Changes in Azure behind the action's back. @returns those that the comparison did not find, or found without their being there */
export async function undetected(stage: Omit<Stage, 'facts'>): Promise<readonly string[]> {
  const run = succeeded(await stage.run(INPUTS))
  const facts = new Facts()
  for (const { type, place, value } of PLANTED) {
    const [name = '', ...owners] = place.split('.').reverse()
    const resource = [...stage.azure.world.resources.values()].find(({ id }) =>
      new RegExp(`/${type}/[^/]+$`, 'i').test(id)
    )
    Object.assign(at(resource?.body, owners.reverse().join('.')) as object, { [name]: value })
  }
  const see = shown({ ...stage, facts }, run, 'planted')
  await see.hub(see.attached())
  await see.links(await see.dps())
  const found = facts.differences.map(({ fact }) => fact.replace('planted | ', ''))
  return [
    ...PLANTED.map(({ fact }) => fact).filter((fact) => !found.includes(fact)),
    ...found.filter((fact) => !PLANTED.some((one) => one.fact === fact))
  ]
}
