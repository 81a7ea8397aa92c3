import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import { createClock } from './clock.ts'
import { allHosts } from './clouds.ts'
import { type Config, type ConfigPatch, defaults, patchConfig } from './config.ts'
import { startControl } from './control.ts'
import * as device from './dataplane/device.ts'
import * as service from './dataplane/service.ts'
import { setConfiguredGrants } from './deployer.ts'
import { Dialect } from './dialect.ts'
import { registerEntra } from './entra.ts'
import { type Fault, Faults } from './faults.ts'
import { registerForeign } from './foreign.ts'
import { createFront } from './front.ts'
import { OIDC_URL, registerGitHub } from './github.ts'
import { registerGraph } from './graph.ts'
import type { Kernel, World } from './kernel.ts'
import { Late } from './late.ts'
import { type ProfileName, profiles } from './latency.ts'
import { createOperations } from './operations.ts'
import { registerAuthorization } from './providers/authorization.ts'
import { createCatalog, registerCatalog } from './providers/catalog.ts'
import * as credentials from './providers/credentialsAndPolicies/credentials.ts'
import * as policies from './providers/credentialsAndPolicies/policies.ts'
import * as synchronize from './providers/credentialsAndPolicies/synchronize.ts'
import * as deviceregistry from './providers/deviceregistry.ts'
import * as hubCertificates from './providers/hubCertificates.ts'
import { registerIdentities } from './providers/identities.ts'
import * as iothub from './providers/iothub.ts'
import { registerLocks } from './providers/locks.ts'
import { registerOtherServices } from './providers/otherServices.ts'
import * as provisioning from './providers/provisioning.ts'
import { registerResourceLists } from './providers/resourceLists.ts'
import { registerResources } from './providers/resources.ts'
import { registerStatus } from './providers/status.ts'
import { registerTags } from './providers/tags.ts'
import { startProxy } from './proxy.ts'
import { createRandom } from './random.ts'
import { createRbac } from './rbac.ts'
import type { Exchange } from './record.ts'
import { Replicas } from './replicas.ts'
import { createRoutes } from './routes.ts'
import { Throttle } from './throttle.ts'
import { createTokens } from './tokens.ts'
import { clearWorld, createWorld } from './world.ts'

export type { ConfigPatch } from './config.ts'
export type { Fault } from './faults.ts'
export type { Exchange } from './record.ts'

export interface EmulatorOptions {
  readonly profile?: ProfileName
  /** How many times as fast as the wall clock its time, and its clients' time, runs. */
  readonly speed?: number
  readonly config?: ConfigPatch
  /** Seed of everything random. */
  readonly seed?: string
}

export interface Emulator {
  /** Environment variables that lead a client here. */
  readonly env: Readonly<Record<string, string>>
  readonly controlUrl: string
  readonly world: World
  /** Everything that was asked so far. */
  readonly requests: readonly Exchange[]
  /** Tells each request as it arrives, before it is looked at, until the next reset. */
  watch(listener: (exchange: Exchange) => void): void
  /** Changes the settings from now on. */
  configure(patch: ConfigPatch): void
  /** What goes wrong from now on, instead of what was to go wrong before. */
  setFaults(faults: readonly Fault[]): void
  /** Resolves once a request hangs, as a fault asks for. */
  held(): Promise<void>
  /** Every right that was asked for since the last reset, in lower case. */
  rights(): readonly string[]
  /** Back to an empty tenant with the settings of the start. */
  reset(): void
  /** What is there, by id. */
  state(): Readonly<Record<string, unknown>>
  stop(): Promise<void>
}

const REQUEST_TOKEN = 'emulated-request-token'

/** Starts a local Azure on loopback. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { profile = 'fast', speed = 1, seed = 'emulator' } = options
  const initial = patchConfig(defaults, options.config ?? {})
  let config: Config = initial
  const clock = createClock(speed)
  const random = createRandom(seed)
  const world = createWorld(clock.now)
  const latency: Kernel['latency'] = (name) =>
    config.latency[name] ?? profiles[profile].latency[name]
  const rbac = createRbac(world, clock.now, () => config)
  const operations = createOperations({
    world,
    clock,
    random,
    latency,
    retryAfter: () => config.retryAfter ?? profiles[profile].retryAfter,
    subscriptionId: initial.subscriptionId,
    rbac,
    config: () => config
  })
  const kernel: Kernel = {
    tenantId: initial.tenantId,
    subscriptionId: initial.subscriptionId,
    config: () => config,
    world,
    clock,
    operations,
    rbac,
    latency,
    random
  }

  const routes = createRoutes()
  const tokens = await createTokens(clock, random, () => config.entra.claims)
  const catalog = createCatalog(kernel)
  registerGitHub(routes, kernel, tokens, REQUEST_TOKEN)
  registerEntra(routes, kernel, tokens)
  registerGraph(routes, kernel, (provider) => catalog.stateOf(provider) === 'Registered')
  registerResources(routes, kernel)
  registerResourceLists(routes, kernel)
  registerTags(routes, kernel)
  registerCatalog(routes, kernel)
  registerIdentities(routes, kernel)
  registerOtherServices(routes, kernel)
  registerAuthorization(routes, kernel, rbac)
  registerLocks(routes, kernel)
  registerStatus(routes, operations)
  registerForeign(routes)
  for (const provider of [
    deviceregistry,
    credentials,
    policies,
    synchronize,
    iothub,
    hubCertificates,
    provisioning,
    service,
    device
  ]) {
    provider.register(routes, kernel)
  }

  const grantAsConfigured = () => setConfiguredGrants(kernel)
  grantAsConfigured()

  const requests: Exchange[] = []
  const certificates = await makeCertificates(routes.hosts().flatMap(allHosts))
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'))
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, certificates.ca)
  let watching = (_exchange: Exchange): void => {}
  const record = (exchange: Exchange): void => {
    requests.push(exchange)
    watching(exchange)
  }
  const faults = new Faults(clock.now)
  const throttle = new Throttle(clock, (kind) => config.throttle[kind])
  const replicas = new Replicas(clock, () => latency('readLag'))
  const dialect = new Dialect(() => config.dialect)
  const late = new Late(clock, world, () => config.late)
  const accept = createFront({
    services: { kernel, routes, catalog, tokens, operations, throttle, replicas, dialect, late },
    certificates,
    faults,
    record
  })
  const proxy = await startProxy({
    accept,
    knows: routes.knows,
    meet: (host) => faults.meet('CONNECT', new URL(`https://${host}`)),
    refused: (method, target, status) =>
      record({
        time: new Date(clock.now()).toISOString(),
        method,
        host: target.split(':')[0] ?? '',
        url: target,
        connection: -1,
        status,
        durationMs: 0,
        requestHeaders: {},
        responseHeaders: {}
      })
  })

  const emulator: Omit<Emulator, 'controlUrl' | 'env' | 'stop'> = {
    world,
    requests,
    watch(listener) {
      watching = listener
    },
    configure(patch) {
      config = patchConfig(config, patch)
      late.reset()
      grantAsConfigured()
    },
    setFaults: (list) => faults.set(list),
    held: () => faults.held(),
    rights: () => [...rbac.asked],
    reset() {
      faults.set([])
      operations.clear()
      clearWorld(world)
      catalog.reset()
      throttle.reset()
      replicas.reset()
      dialect.reset()
      late.reset()
      requests.length = 0
      rbac.asked.clear()
      watching = () => {}
      config = initial
      grantAsConfigured()
    },
    state() {
      const bodies = (map: World['resources']) =>
        Object.fromEntries(
          [...map.values()]
            .filter(({ secret }) => !secret.fromConfig)
            .map(({ id, body }) => [id, body])
        )
      return {
        time: new Date(clock.now()).toISOString(),
        resources: bodies(world.resources),
        roleAssignments: bodies(world.roleAssignments),
        locks: bodies(world.locks),
        enrollmentGroups: bodies(world.enrollmentGroups),
        comments: bodies(world.comments),
        principals: Object.fromEntries(world.principals),
        providers: catalog.states()
      }
    }
  }
  const control = await startControl(emulator)

  return {
    ...emulator,
    controlUrl: control.url,
    env: {
      HTTPS_PROXY: proxy.url,
      NODE_EXTRA_CA_CERTS: ca,
      REQUESTS_CA_BUNDLE: ca,
      SSL_CERT_FILE: ca,
      ACTIONS_ID_TOKEN_REQUEST_URL: OIDC_URL,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
      AZURE_CLIENT_ID: initial.deployer.clientId,
      AZURE_TENANT_ID: initial.tenantId,
      AZURE_SUBSCRIPTION_ID: initial.subscriptionId,
      EMULATOR_CONTROL_URL: control.url,
      ...(speed !== 1 && {
        EMULATOR_SPEED: String(speed),
        EMULATOR_EPOCH: String(clock.epoch),
        NODE_OPTIONS: `--import ${new URL('./preload.mjs', import.meta.url).href}`
      })
    },
    async stop() {
      clock.stop()
      await Promise.all([proxy.stop(), control.stop()])
      await rm(folder, { recursive: true })
    }
  }
}
