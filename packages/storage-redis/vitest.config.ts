import { packageTests } from '@imnot/tooling/vitest'

export default packageTests({ globalSetup: ['@imnot/tooling/servers/provide-redis'] })
