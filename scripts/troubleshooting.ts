// Writes docs/troubleshooting.md from the table of known refusals: npm run troubleshooting
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { ERROR_CATALOGUE } from '../src/azure/errors/errorCatalogue.ts'

const FILE = new URL('../docs/troubleshooting.md', import.meta.url)

const HEAD = `# Troubleshooting

Every failure of the action ends as one annotation and names what was being done, on which resource, the code and innermost message of Azure, what to do, and the ids that Azure support asks for. The codes below are the ones it knows. Run the job again with debug logging (\`RUNNER_DEBUG=1\`, or "Enable debug logging" on a re-run) to see a line for each request, with its correlation id.

Running again is always safe: the action continues from what is there.

## Before Azure is reached

- **"The inputs have N problems"**: nothing was sent anywhere. Each line names the input, the value and the rule.
- **"The action could not run"**: nothing was sent anywhere; mostly, a proxy in the environment is none that can be used.
- **"GitHub offers this job no OIDC token"**: the job lacks \`permissions: id-token: write\` (a reusable workflow's caller needs it too), runs for a fork or Dependabot, or does not run in GitHub Actions.
- **"GitHub did not give this job its OIDC token"**: the token service failed or a proxy is in the way.
- **"The run was stopped after N minutes"**: the message says what it was waiting for. Azure goes on; run again, or raise \`timeout-minutes\`.
- **"The run was cancelled"**: what is done stays, what Azure has begun goes on; run again.

## Codes

`

/** The document as the table has it now; a code that means several things has one heading. */
export function troubleshooting(): string {
  const codes = [...new Set(ERROR_CATALOGUE.map(({ code }) => code))]
  const sections = codes.map((code) => {
    const entries = ERROR_CATALOGUE.filter((known) => known.code === code)
    return [
      `### ${code}`,
      ...entries.map(({ meaning, advice }) => `${meaning}\n\nWhat to do: ${advice}`)
    ].join('\n\n')
  })
  return linked(`${HEAD}${sections.join('\n\n')}\n`)
}

/** Messages name the README's sections, which here can be followed. */
function linked(text: string): string {
  return text.replace(/\bREADME\.md#[a-z-]+/g, (place) => `[${place}](../${place})`)
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(FILE, troubleshooting())
}
