import { execFileSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { REPOSITORY } from '../runner.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** The action as a repository that uses it sees it: what a release of it holds, and nothing else. */
export function layAction(folder: string): void {
  mkdirSync(folder, { recursive: true })
  copyFileSync(join(ROOT, 'action.yml'), join(folder, 'action.yml'))
  cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true })
}

/** Files of this repository below a folder of their own, by their path there. */
export type Files = Readonly<Record<string, string>>

/**
 * A clone of a repository that has the action at its top, for `uses: ./`, the workflow, and other files.
 *
 * @param workflow a file of this repository: a workflow, or a page that shows one
 * @returns the path of the workflow in it
 */
export function layCheckout(folder: string, workflow: string, files: Files): string {
  layAction(folder)
  const path = join(folder, '.github', 'workflows', `${basename(workflow, '.yml')}.yml`)
  mkdirSync(join(folder, '.github', 'workflows'), { recursive: true })
  writeFileSync(path, workflowIn(workflow))
  for (const [name, source] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true })
    copyFileSync(join(ROOT, source), join(folder, name))
  }
  const git = (...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=octocat', '-c', 'user.email=octocat@example.com', ...args],
      {
        cwd: folder
      }
    )
  git('init', '--quiet', '--initial-branch', 'main')
  git('add', '--all')
  git('commit', '--quiet', '--message', 'A workflow')
  git('remote', 'add', 'origin', `https://github.com/${REPOSITORY.name}.git`)
  return path
}

/** The first whole workflow that a page shows, or all of any other file. */
function workflowIn(path: string): string {
  const text = readFileSync(join(ROOT, path), 'utf8')
  return path.endsWith('.md') ? (workflowsOf(text)[0] ?? '') : text
}

/** Whole workflows that a page of Markdown shows; its other blocks are parts of one. */
export function workflowsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/```yaml\n(on:[\s\S]*?)```/g)].map(([, text]) => text as string)
}
