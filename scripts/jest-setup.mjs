// @azure/arm-iothub is CommonJS and requires ES modules that jest would otherwise meet in the middle of a cycle;
// loading the shared pipeline first breaks it.
import '@azure/core-rest-pipeline'

// Tests must run on the runtime that the action runs on.
if (!process.versions.node.startsWith('24.')) {
  throw new Error(
    `Node 24 is needed, this is ${process.version}: run \`npm ci\` with install scripts enabled.`
  )
}
