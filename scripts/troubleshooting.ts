// Writes docs/troubleshooting.md from the table of known refusals: npm run troubleshooting
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { anchorOf, ERROR_CATALOGUE } from '../src/azure/errors/errorCatalogue.ts'
import { SYMPTOMS } from './troubleshooting/symptoms.ts'

const FILE = new URL('../docs/troubleshooting.md', import.meta.url)

const HEAD = `# Troubleshooting

Every failure ends as one annotation. It names what was being done, on which resource, the code and innermost message of Azure, what to do, and the IDs that Azure support asks for. To see a line for each request with its correlation ID, re-run the job with "Enable debug logging".

Running again is always safe: the action continues from what is there.

- [By symptom](#by-symptom): what you see, and where it is explained
- [Before Azure is reached](#before-azure-is-reached)
- [The run succeeds, but](#the-run-succeeds-but)
- [By code](#by-code): Azure's codes, from A to Z
- [Codes](#codes): what each means, and what to do

## By symptom

| What you see | Explained under |
| --- | --- |
`

const MIDDLE = `
## Before Azure is reached

- **"The inputs have N problems"**: nothing was sent anywhere. Each line names the input, its value and the rule.
- **"The action could not run"**: nothing was sent anywhere. Most often a proxy in the environment is not a usable address.
- **"GitHub offers this job no OIDC token"**: the job lacks \`permissions: id-token: write\` (a reusable workflow's caller needs it too), runs for a fork or for Dependabot, or does not run in GitHub Actions.
- **"GitHub did not give this job its OIDC token"**: GitHub's token service failed, or a proxy is in the way.
- **"The run was stopped after N minutes"**: the message says what it was waiting for. Azure goes on with it; run again, or raise \`timeout-minutes\`.
- **"The run was cancelled"**: what is done stays done, and what Azure has begun goes on. Run again.

## The run succeeds, but

- **A job output is empty**: a secret holds a part of it, and GitHub drops such outputs. Keep the three IDs in \`vars\`.
- **The plan changes something on every run**: the plan names the property. Something else writes it too: a policy with \`modify\`, another tool, another workflow with other inputs for the same \`environment\`.
- **\`destroy\` keeps something**: the summary says what and why; [reference.md](reference.md#what-is-deleted) has the rules.
- **\`sweep\` leaves an old environment**: it has no \`expires-after\`, or it is not named after its branch. See [the README](../README.md#operations).
- **A device gets no certificate**: run \`operation: verify\`. It checks each link of the chain from enrollment group to issuing CA.

## By code

`

/** The document as the table has it now; a code that means several things has one heading. */
export function troubleshooting(): string {
  const codes = [...new Set(ERROR_CATALOGUE.map(({ code }) => code))]
  const missing = codes.filter((code) => !SYMPTOMS.some((one) => one.codes.includes(code)))
  if (missing.length > 0) {
    throw new Error(`scripts/troubleshooting/symptoms.ts has no symptom for ${missing.join(', ')}`)
  }
  const symptoms = SYMPTOMS.map(({ seen, codes: under }) => `| ${seen} | ${listed(under)} |\n`)
  const sections = codes.map((code) => {
    const entries = ERROR_CATALOGUE.filter((known) => known.code === code)
    return [
      `### ${code}`,
      ...entries.map(({ meaning, advice }) => `${meaning}\n\nWhat to do: ${advice}`)
    ].join('\n\n')
  })
  const sorted = codes.toSorted((a, b) => a.localeCompare(b, 'en'))
  return `${HEAD}${symptoms.join('')}${MIDDLE}${listed(sorted)}\n\n## Codes\n\n${linked(sections.join('\n\n'))}\n`
}

function listed(codes: readonly string[]): string {
  return codes.map((code) => `[${code}](#${anchorOf(code)})`).join(', ')
}

/** Messages name sections of the README and addresses, which here can be followed; an address with a password is code. */
function linked(text: string): string {
  return text
    .replace(/\bREADME\.md#[a-z-]+/g, (place) => `[${place}](../${place})`)
    .replace(/https?:\/\/[^\s,;]+[^\s,;.]/g, (address) =>
      address.includes('@') ? `\`${address}\`` : `<${address}>`
    )
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(FILE, troubleshooting())
}
