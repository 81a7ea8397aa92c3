/** What finds mistakes in workflows: zizmor as PyPI has it, and actionlint by its Go package and version. */
export const ZIZMOR = { zizmor: '1.32.0' }
export const ACTIONLINT = ['github.com/rhysd/actionlint/cmd/actionlint', 'v1.7.12'] as const
