import { parse } from 'acorn'

/**
 * Puts parentheses around the function that each module of a bundle is. V8 compiles such a function together with the file
 * (https://v8.dev/blog/preparser#pife) and any other when it is called, for which it reads its text once more. Here nearly
 * each is called as soon as its file is there. Webpack writes these parentheses, and terser drops them.
 *
 * @param code of one file of the bundle
 */
export function eager(code) {
  const { body } = parse(code, { ecmaVersion: 'latest', sourceType: 'module' })
  const modules = body
    .map((statement) => statement.declaration ?? statement)
    .flatMap(({ declarations = [] }) => declarations)
    .flatMap(({ init }) => init?.properties ?? [])
    .filter(({ kind, method }) => kind === 'init' && !method)
    .map(({ value }) => value)
    .filter(({ type }) => type.endsWith('FunctionExpression'))
  let made = ''
  let done = 0
  for (const { start, end } of modules) {
    made += `${code.slice(done, start)}(${code.slice(start, end)})`
    done = end
  }
  return made + code.slice(done)
}
