import type { SharedStorage } from '../support/storages.ts'

/** What a program found, for one line of figures. */
export interface Outcome {
  readonly figures: Readonly<Record<string, number | string>>
  /** One sentence for each promise that was broken; empty where all held. */
  readonly broken: readonly string[]
}

/** A bounded run against real processes that proves one promise, or shows where it breaks. */
export interface Program<Size> {
  readonly name: string
  /** False where the program says nothing about a storage, such as a file for cut connections. @default everywhere */
  readonly concerns?: (storage: SharedStorage) => boolean
  /** Why it cannot run here; null where it can. @default what the storage is missing */
  readonly whyNot?: (storage: SharedStorage) => string | null
  /** For every change. */
  readonly short: Size
  /** For the night. */
  readonly long: Size
  run(storage: SharedStorage, size: Size): Promise<Outcome>
}

export function describeOutcome(name: string, storage: string, { figures, broken }: Outcome): string {
  const numbers = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`)
  const verdict = broken.length === 0 ? 'held' : `BROKEN: ${broken.slice(0, 3).join('; ')}`
  return `reliability ${name} on ${storage}: ${numbers.join(', ')} – ${verdict}`
}
