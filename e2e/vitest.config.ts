import { packageTests } from '@imnot/tooling/vitest'

// After the other projects and one file at a time: these start processes and promise times.
export default packageTests({
  fileParallelism: false,
  sequence: { groupOrder: 1 },
  testTimeout: 60_000,
  globalSetup: ['@imnot/tooling/servers/provide-postgres', '@imnot/tooling/servers/provide-redis'],
})
