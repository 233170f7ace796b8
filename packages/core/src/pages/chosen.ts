import type { ItemTest } from './filter.ts'
import type { ItemOrder } from './order.ts'
import type { PageList } from './page-list.ts'

/** The items that were asked for, in their order, by their positions in the list. */
export interface Chosen {
  readonly length: number
  slice(start: number, end: number): readonly number[]
}

/** Looks into the items only where a filter or an order has to. */
export function chooseItems(list: PageList, tests: readonly ItemTest[], order: ItemOrder): Chosen {
  const { length } = list
  if (tests.length === 0 && order === null)
    return { length, slice: (start, end) => range(start, Math.min(end, length)) }
  const kept = range(0, length).filter((index) => {
    const item = list.at(index)
    return tests.every((test) => test(item))
  })
  if (order === 'turned') kept.reverse()
  else if (order !== null) kept.sort((one, other) => order(list.at(one), list.at(other)))
  return { length: kept.length, slice: (start, end) => kept.slice(start, end) }
}

function range(start: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index)
}
