import type { SharedStorage } from '../support/storages.ts'
import { crash } from './crash.ts'
import { nodes } from './nodes.ts'
import type { Outcome } from './program.ts'
import { sessions } from './sessions.ts'

/** A program with its two sizes bound, so that programs of different sizes stand in one list. */
export interface BoundProgram {
  readonly name: string
  short(storage: SharedStorage): Promise<Outcome>
  long(storage: SharedStorage): Promise<Outcome>
}

export const programs: readonly BoundProgram[] = [
  {
    name: crash.name,
    short: (storage) => crash.run(storage, crash.short),
    long: (storage) => crash.run(storage, crash.long),
  },
  {
    name: sessions.name,
    short: (storage) => sessions.run(storage, sessions.short),
    long: (storage) => sessions.run(storage, sessions.long),
  },
  {
    name: nodes.name,
    short: (storage) => nodes.run(storage, nodes.short),
    long: (storage) => nodes.run(storage, nodes.long),
  },
]
