/** The list that is paged. */
export interface PageList {
  readonly length: number
  /** The item as data. */
  at(index: number): unknown
  /** The items of these positions as one list, as templates see them. */
  take(indices: readonly number[]): readonly unknown[]
  /** Of a list inside an uploaded document: the document with these items alone, every other byte as it was uploaded. */
  cut?(indices: readonly number[]): Uint8Array
}

/** Of what a template found: nothing is an empty list, and what is no list is one item. */
export function listOf(found: unknown): PageList {
  const items: readonly unknown[] = Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]
  return {
    length: items.length,
    at: (index) => items[index],
    take: (indices) => indices.map((index) => items[index]),
  }
}
