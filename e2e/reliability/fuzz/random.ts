/** Random choices that a seed repeats. */
export interface Random {
  /** A whole number below `end`. */
  below(end: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
}

/** By the generator mulberry32: 32 bits of state are enough to tell millions of runs apart. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: <T>(choices: readonly T[]) => choices[below(choices.length)] as T,
  }
}
