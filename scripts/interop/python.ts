import { spawn } from 'node:child_process'

/**
 * Runs a Python script of ours, which is handed one JSON value and prints another.
 *
 * @param bin folder of the interpreter that has what the script imports
 * @throws Error with what it complained of, when it fails
 */
export async function python(
  bin: string,
  script: string,
  input: unknown,
  azure: Readonly<Record<string, string>>
  // biome-ignore lint/suspicious/noExplicitAny: whatever a script prints; who wrote it knows its way around.
): Promise<any> {
  const { NODE_OPTIONS, ...leads } = azure
  const child = spawn(`${bin}/python`, [script], {
    env: {
      PATH: process.env.PATH,
      NO_PROXY: '127.0.0.1,localhost',
      // Nothing is left beside the scripts.
      PYTHONDONTWRITEBYTECODE: '1',
      ...leads
    },
    stdio: ['pipe', 'pipe', 'pipe']
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (text) => (out += text))
  child.stderr.on('data', (text) => (err += text))
  const ended = new Promise<number | null>((done, failed) => {
    child.on('error', failed)
    child.on('close', done)
  })
  child.stdin.end(JSON.stringify(input))
  const code = await ended
  if (code !== 0) throw new Error(`${script}: exit code ${code}\n${err}`)
  return JSON.parse(out)
}
