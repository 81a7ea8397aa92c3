import type { Config } from './config.ts'
import { registryDefaults } from './registryConfig.ts'

const tenantId = '5f0a6c1e-3f0b-4a9e-9d52-0c6a8f1b7e11'
const subscriptionId = '8d3c1f64-77aa-4e0c-8c55-2b9d6e4f0a22'
const issuer = 'https://token.actions.githubusercontent.com'

const audiences = [
  'api://AzureADTokenExchange',
  'api://AzureADTokenExchangeUSGov',
  'api://AzureADTokenExchangeChina'
]

/** A tenant in which the tutorial's user may do everything. */
export const defaults: Config = {
  tenantId,
  subscriptionId,
  deployer: {
    clientId: 'c2b7e9d0-51f3-4c1b-a3a7-6d9e8b5f4033',
    objectId: '0e91d5b8-2c47-4f7d-b7b0-9f4d3c2a1b44',
    grants: [{ role: 'Owner', scope: `/subscriptions/${subscriptionId}` }],
    secret: null,
    disabled: false,
    federatedCredentials: [
      { issuer, subject: 'repo:octo-org/octo-repo:environment:iot', audiences },
      { issuer, subject: 'repo:octo-org/octo-repo:ref:refs/heads/main', audiences }
    ]
  },
  identities: [],
  github: {
    repository: 'octo-org/octo-repo',
    repositoryId: '123456789',
    ref: 'refs/heads/main',
    environment: 'iot',
    subject: null,
    assertionSeconds: 300,
    tellsRepositoryId: true,
    branches: ['main'],
    defaultBranch: 'main',
    renamedBranches: {},
    canReadContents: true,
    canComment: true,
    login: 'github-actions[bot]',
    viewerLogin: null
  },
  entra: {
    tokenSeconds: 3599,
    promisedSeconds: null,
    claims: null,
    tokenAudience: null,
    refuse: null
  },
  graph: { allowed: true },
  hubApp: { objectId: '6c1d0b7f-8e24-4b53-9a9c-3e7f5d2c1b55', present: 'always' },
  principals: [],
  providers: {},
  apiVersions: {},
  locations: {},
  roles: [],
  grantsOnUnfinished: 'accepted',
  namespaceAtWork: 'serves',
  namespaceIdentity: 'whenMade',
  synchronizeFails: false,
  takenNames: [],
  latency: {},
  retryAfter: null,
  pageSize: 100,
  // A caller whose rights end at a group is refused (contract 20.1); that ARM trims instead is [INF].
  listsTrimmed: false,
  operationsFollowed: 'group',
  devicesOperations: 'recorded',
  clockSkewMs: 0,
  inheritTags: [],
  dialect: null,
  late: {},
  // [INF] no source tells what an older version's PUT does.
  olderPuts: 'keep',
  twinsCompleted: false,
  dpsHonoursIfMatch: true,
  // [INF] Azure's documented buckets of a principal in a subscription.
  throttle: {
    reads: { capacity: 250, perSecond: 25 },
    writes: { capacity: 200, perSecond: 10 },
    deletes: { capacity: 200, perSecond: 10 }
  },
  registry: registryDefaults,
  // Contract 3. Its 2 credentials in a tenant and region are one user's word: a scenario that means them sets them.
  quotas: {
    dps: 10,
    credentials: 1000,
    policies: 1000,
    // Contract B, 2 and 6.6.
    rootAuthorities: 1,
    issuingAuthorities: 3,
    certificatePolicies: 1,
    linkedHubs: 10
  },
  policyRefusal: 'limit',
  grantRefusal: 'cause'
}
