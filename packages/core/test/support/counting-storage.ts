import type { Storage } from '../../src/index.ts'

export interface Counts {
  get: number
  list: number
  write: number
  claim: number
}

/** A storage that counts its calls. */
export function countingStorage(storage: Storage): { storage: Storage; counts: Counts; reset(): void } {
  const counts: Counts = { get: 0, list: 0, write: 0, claim: 0 }
  return {
    counts,
    reset: () => Object.assign(counts, { get: 0, list: 0, write: 0, claim: 0 }),
    storage: {
      ...storage,
      get: (...input) => {
        counts.get++
        return storage.get(...input)
      },
      list: (...input) => {
        counts.list++
        return storage.list(...input)
      },
      write: (...input) => {
        counts.write++
        return storage.write(...input)
      },
      claim: (...input) => {
        counts.claim++
        return storage.claim(...input)
      },
    },
  }
}
