/**
 * Places in lists, in the order in which records are made: by the wall clock, to a thousandth of a millisecond, so that two of
 * one millisecond have an order, too. They stay beyond the places of initial records, which are counted from 0.
 */
let last = 0

export function nextPlace(now: number): number {
  last = Math.max(last + 1, Math.floor(now) * 1000)
  return last
}
