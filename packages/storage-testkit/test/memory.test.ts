import { memoryStorage } from '@imnot/core'
import { test } from 'vitest'
import { testStorage } from '../src/test-storage.ts'

testStorage({
  name: 'memory on the real clock',
  test,
  create: async () => ({ storage: memoryStorage(), destroy: async () => undefined }),
})

testStorage({
  name: 'memory on a clock that is moved',
  test,
  create: async () => {
    let now = 1_700_000_000_000
    return {
      storage: memoryStorage({ now: () => now }),
      advance: async (ms) => {
        now += ms
      },
      destroy: async () => undefined,
    }
  },
})
