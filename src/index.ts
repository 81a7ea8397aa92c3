import { main } from './main.ts'

await main()
// A request that nobody waits for any more, such as one into a network that swallows everything, must not keep the job.
process.stdout.write('', () => process.exit())
