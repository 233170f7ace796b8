import { encrypted, memoryStorage } from '@imnot/core'
import { test } from 'vitest'
import { testStorage } from '../src/test-storage.ts'

testStorage({
  name: 'memory, encrypted',
  test,
  create: async () => {
    let now = 1_700_000_000_000
    return {
      storage: encrypted(memoryStorage({ now: () => now }), { key: new Uint8Array(32).fill(7) }),
      advance: async (ms) => {
        now += ms
      },
      destroy: async () => undefined,
    }
  },
})
