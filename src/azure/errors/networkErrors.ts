import type { CatalogueEntry } from './catalogueEntry.ts'

/** What came of no service at all, or of one that failed: statuses, and the want of any. */
export const NETWORK_ERRORS: readonly CatalogueEntry[] = [
  {
    code: 'No answer',
    pattern: /certificate|self.signed/i,
    meaning:
      'A proxy or firewall on the way presents a certificate of its own, whose certificate authority this job does not trust.',
    advice:
      'give the certificate authority of your network to Node: `env: NODE_EXTRA_CA_CERTS: /path/to/ca.pem` on the job or the step.'
  },
  {
    code: 'No answer',
    pattern: /\b407\b/,
    meaning: 'A proxy requires a sign-in.',
    advice: 'put user and password into `HTTPS_PROXY`, as in http://user:password@proxy:8080.'
  },
  {
    code: 'No answer',
    meaning:
      'The connection broke or could not be made: the network, or a proxy or firewall on the way.',
    advice:
      'run again. If it persists on a self-hosted runner, let the host in the message through, with `HTTPS_PROXY` and `NO_PROXY` where they are needed.'
  },
  {
    code: 'HTTP 5xx',
    meaning: 'Azure itself failed, and kept failing while the request was repeated for minutes.',
    advice: 'look at https://azure.status.microsoft for the region, and run again later.'
  },
  {
    code: 'HTTP 2xx or 3xx',
    meaning:
      'Something on the way answered in place of Azure, for instance a proxy that requires a sign-in.',
    advice:
      'let the hosts that README.md lists pass unchanged, with `HTTPS_PROXY` and `NO_PROXY` where they are needed, and run again.'
  },
  {
    code: 'HTTP 407',
    meaning: 'A proxy requires a sign-in.',
    advice: 'put user and password into `HTTPS_PROXY`, as in http://user:password@proxy:8080.'
  }
]
