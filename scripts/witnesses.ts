// Installs the software of others that interop, workflows and readme:commands ask, so that none of them waits for it:
// npm run witnesses
import { AZURE_CLI } from './witnesses/azureCli.ts'
import { goTool } from './witnesses/goTool.ts'
import { ACTIONLINT, ZIZMOR } from './witnesses/linters.ts'
import { RUNNER } from './witnesses/runner.ts'
import { SDKS } from './witnesses/sdks.ts'
import { installed } from './witnesses/venv.ts'

installed(AZURE_CLI, 'azure-cli')
installed(SDKS, 'sdks')
installed({ ...RUNNER, ...ZIZMOR })
goTool(...ACTIONLINT)
