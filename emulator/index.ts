import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import { createClock } from './clock.ts'
import { allHosts } from './clouds.ts'
import type { Config, ConfigPatch } from './config.ts'
import { startControl } from './control.ts'
import { defaults } from './defaults.ts'
import { setConfiguredGrants } from './deployer.ts'
import { Dialect } from './dialect.ts'
import { type Fault, Faults } from './faults.ts'
import { createFront } from './front.ts'
import { OIDC_URL } from './github.ts'
import type { Kernel, World } from './kernel.ts'
import { Late } from './late.ts'
import { type ProfileName, profiles } from './latency.ts'
import { createOperations } from './operations.ts'
import { patchConfig } from './patchConfig.ts'
import { createCatalog } from './providers/catalog.ts'
import { startProxy } from './proxy.ts'
import { createRandom } from './random.ts'
import { createRbac } from './rbac.ts'
import type { Exchange } from './record.ts'
import { Replicas } from './replicas.ts'
import { createRoutes } from './routes.ts'
import { registerServices } from './services.ts'
import { stateOf } from './state.ts'
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
  registerServices(routes, { kernel, tokens, catalog, operations, rbac }, REQUEST_TOKEN)

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
    state: () => stateOf(kernel, catalog)
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
