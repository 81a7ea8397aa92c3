/** Ends a run with one plain line that any log reader understands. */
export default class PlainLine {
  onRunComplete(_contexts, results) {
    const broken = results.testResults.filter((file) => file.testExecError).length
    const skipped = results.numPendingTests + results.numTodoTests
    const counts = [
      `${results.numPassedTests} passed`,
      `${results.numFailedTests + broken} failed`,
      ...(skipped > 0 ? [`${skipped} skipped`] : [])
    ]
    console.log(counts.join(', '))
  }
}
