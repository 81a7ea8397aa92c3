import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  statSync
} from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { LONGEST } from './config/read.ts'

/** A file that is there and is not read; the message is the rule that it breaks. */
export class FileRefusal extends Error {}

/** A character takes four bytes at most. */
const LARGEST = 4 * LONGEST
const CHUNK = 64 * 1024
/** What a disk reads in an instant; a file system of somebody's own may never end. */
const PATIENCE_MS = 10_000

/**
 * Reads a file that the job brought along: a regular one whose real place is inside the workspace, RUNNER_TEMP or the folder
 * of the calling composite action. Whoever chooses the path, by an input or a link, chooses among these alone.
 *
 * @param now the clock, in milliseconds
 * @throws FileRefusal; Node's error when there is no such file
 */
export function readJobFile(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number = Date.now
): string {
  const workspace = env.GITHUB_WORKSPACE || process.cwd()
  const place = realpathSync(resolve(workspace, path))
  const folders = [workspace, env.RUNNER_TEMP, env.GITHUB_ACTION_PATH]
  if (!folders.some((folder) => folder && isInside(folder, place))) {
    throw new FileRefusal(
      'must lie in the workspace, RUNNER_TEMP or the folder of the calling action (GITHUB_ACTION_PATH), and so must the target of a link'
    )
  }
  // Before it is opened: to open a pipe waits, and to open a device may act.
  if (!statSync(place).isFile()) throw new FileRefusal(NO_FILE)
  // Should something else have taken its place by now, the opening neither waits nor follows.
  const file = openSync(place, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW)
  try {
    if (!fstatSync(file).isFile()) throw new FileRefusal(NO_FILE)
    return textOf(file, now)
  } finally {
    closeSync(file)
  }
}

const NO_FILE = 'must be a regular file, not a folder, pipe or device'

/** As much as may be read, whatever size the file system tells. */
function textOf(file: number, now: () => number): string {
  const until = now() + PATIENCE_MS
  const chunks: Buffer[] = []
  for (let length = 0; length <= LARGEST; ) {
    const chunk = Buffer.alloc(CHUNK)
    const read = readSync(file, chunk, 0, CHUNK, null)
    if (read === 0) return Buffer.concat(chunks).toString('utf8')
    if (now() > until) throw new FileRefusal(`cannot be read within ${PATIENCE_MS / 1000} s`)
    chunks.push(chunk.subarray(0, read))
    length += read
  }
  throw new FileRefusal(`is too large: at most ${LONGEST} characters`)
}

function isInside(folder: string, place: string): boolean {
  try {
    const way = relative(realpathSync(folder), place)
    return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
  } catch {
    // A folder that is not there holds nothing.
    return false
  }
}
