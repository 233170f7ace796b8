/**
 * A set kept in the order of a comparison. Its items live in chunks of a few hundred, so that adding or deleting one
 * moves a chunk at most: 100,000 changes in random order cost a fraction of a second, where one long array costs many.
 */
export interface SortedSet<T> {
  /** Adds the item; does nothing when an equal one is there. */
  add(item: T): void
  /** Deletes the item that is equal to this one; does nothing when there is none. */
  delete(item: T): void
  first(): T | undefined
  /** From the first item that is not less than this one, upwards. The set must not change meanwhile. */
  from(item: T): Iterable<T>
  /** From the last item that is less than this one, downwards. The set must not change meanwhile. */
  downFrom(item: T): Iterable<T>
  clear(): void
}

const CHUNK_SIZE = 512

export function createSortedSet<T>(compare: (a: T, b: T) => number): SortedSet<T> {
  const chunks: T[][] = []

  /** The place of the first item that is not less than this one: a chunk, and an index in it. */
  function locate(item: T): { chunk: number; index: number } {
    const chunk = lowerBound(chunks, (candidate) => compare(candidate[candidate.length - 1] as T, item) < 0)
    const items = chunks[chunk]
    const index = items === undefined ? 0 : lowerBound(items, (candidate) => compare(candidate, item) < 0)
    return { chunk, index }
  }

  function split(chunk: number, items: T[]): void {
    chunks.splice(chunk + 1, 0, items.splice(items.length >> 1))
  }

  return {
    add(item) {
      let { chunk, index } = locate(item)
      if (chunk === chunks.length) {
        if (chunk === 0) chunks.push([])
        chunk = chunks.length - 1
        index = chunks[chunk]?.length ?? 0
      }
      const items = chunks[chunk] as T[]
      if (index < items.length && compare(items[index] as T, item) === 0) return
      items.splice(index, 0, item)
      if (items.length > CHUNK_SIZE) split(chunk, items)
    },

    delete(item) {
      const { chunk, index } = locate(item)
      const items = chunks[chunk]
      if (items === undefined || compare(items[index] as T, item) !== 0) return
      items.splice(index, 1)
      if (items.length === 0) chunks.splice(chunk, 1)
    },

    first() {
      return chunks[0]?.[0]
    },

    *from(item) {
      const start = locate(item)
      for (let chunk = start.chunk; chunk < chunks.length; chunk++) {
        const items = chunks[chunk] as T[]
        for (let i = chunk === start.chunk ? start.index : 0; i < items.length; i++) yield items[i] as T
      }
    },

    *downFrom(item) {
      const start = locate(item)
      for (let chunk = Math.min(start.chunk, chunks.length - 1); chunk >= 0; chunk--) {
        const items = chunks[chunk] as T[]
        for (let i = (chunk === start.chunk ? start.index : items.length) - 1; i >= 0; i--) yield items[i] as T
      }
    },

    clear() {
      chunks.length = 0
    },
  }
}

/** The index of the first item that does not satisfy the predicate, in a list where those that do come first. */
function lowerBound<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (isBefore(items[middle] as T)) low = middle + 1
    else high = middle
  }
  return low
}
