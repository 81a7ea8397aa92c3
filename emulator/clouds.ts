/** Host names of the three clouds (contract 13). Handlers are registered under the public ones. */

interface Cloud {
  readonly arm: string
  readonly login: readonly string[]
  readonly graph: string
  readonly dps: string
  readonly hub: string
}

const publicCloud: Cloud = {
  arm: 'management.azure.com',
  login: ['login.microsoftonline.com', 'login.windows.net', 'sts.windows.net'],
  graph: 'graph.microsoft.com',
  dps: 'azure-devices-provisioning.net',
  hub: 'azure-devices.net'
}

const clouds: readonly Cloud[] = [
  publicCloud,
  {
    arm: 'management.usgovcloudapi.net',
    login: ['login.microsoftonline.us'],
    graph: 'graph.microsoft.us',
    dps: 'azure-devices-provisioning.us',
    hub: 'azure-devices.us'
  },
  {
    arm: 'management.chinacloudapi.cn',
    login: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
    graph: 'microsoftgraph.chinacloudapi.cn',
    dps: 'azure-devices-provisioning.cn',
    hub: 'azure-devices.cn'
  }
]

/** What a token may be asked for, with the audience it then carries. */
export type Plane = 'arm' | 'graph' | 'dps' | 'hub'

const classicArm = [
  'management.core.windows.net',
  'management.core.usgovcloudapi.net',
  'management.core.chinacloudapi.cn'
]

/** The plane that an audience (with or without a trailing slash) belongs to. */
export function planeOf(audience: string): Plane | undefined {
  const host = /^https:\/\/([^/]+)\/?$/.exec(audience.toLowerCase())?.[1] ?? ''
  if (classicArm.includes(host)) return 'arm'
  if (host === 'iothubs.azure.net') return 'hub'
  for (const cloud of clouds) {
    if (host === cloud.arm) return 'arm'
    if (host === cloud.graph) return 'graph'
    if (host === cloud.dps) return 'dps'
  }
  return undefined
}

/** The public cloud's name for a host of any cloud; other hosts stay as they are. */
export function canonicalHost(host: string): string {
  for (const cloud of clouds) {
    if (host === cloud.arm) return publicCloud.arm
    if (host === cloud.graph) return publicCloud.graph
    if (cloud.login.includes(host)) return 'login.microsoftonline.com'
    for (const suffix of ['dps', 'hub'] as const) {
      const name = `.${cloud[suffix]}`
      if (host.endsWith(name)) return `${host.slice(0, -name.length)}.${publicCloud[suffix]}`
    }
  }
  return host
}

/** Every host, of all clouds, that a handler's host pattern answers for. */
export function allHosts(pattern: string): string[] {
  const names = clouds.flatMap((cloud) => [
    cloud.arm,
    cloud.graph,
    ...cloud.login,
    `*.${cloud.dps}`,
    `*.${cloud.hub}`
  ])
  const wild = (name: string): string => name.replace('*', 'x')
  return [
    ...new Set([pattern, ...names.filter((name) => same(canonicalHost(wild(name)), pattern))])
  ]
}

function same(host: string, pattern: string): boolean {
  return pattern.startsWith('*.') ? host === pattern.replace('*', 'x') : host === pattern
}
