import { packageTests } from '@imnot/tooling/vitest'

// After the other projects and one file at a time: a connection that takes longer than a second is an outage here.
export default packageTests({
  fileParallelism: false,
  sequence: { groupOrder: 2 },
  globalSetup: ['@imnot/tooling/servers/provide-postgres'],
})
