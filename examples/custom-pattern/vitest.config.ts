import { packageTests } from '@imnot/tooling/vitest'

export default packageTests()
