import type { SharedStorage } from '../support/storages.ts'
import { crash } from './crash.ts'
import { deliveries } from './deliveries.ts'
import { fuzz } from './fuzz.ts'
import { nodes } from './nodes.ts'
import { outage } from './outage.ts'
import type { Outcome, Program } from './program.ts'
import { serverCrash } from './server-crash.ts'
import { sessions } from './sessions.ts'
import { soak } from './soak.ts'

/** A size with some of its numbers replaced. */
export type SizeChanges = Readonly<Record<string, number>>

/** A program with its two sizes bound, so that programs of different sizes stand in one list. */
export interface BoundProgram {
  readonly name: string
  concerns(storage: SharedStorage): boolean
  whyNot(storage: SharedStorage): string | null
  /** Throws for a change of what the size does not have. */
  short(storage: SharedStorage, changes?: SizeChanges): Promise<Outcome>
  long(storage: SharedStorage, changes?: SizeChanges): Promise<Outcome>
}

export const programs: readonly BoundProgram[] = [
  bound(crash),
  bound(sessions),
  bound(outage),
  bound(nodes),
  bound(deliveries),
  bound(fuzz),
  bound(soak),
  bound(serverCrash),
]

function bound<Size extends object>({
  name,
  concerns = () => true,
  whyNot = ({ missing }) => missing,
  short,
  long,
  run,
}: Program<Size>): BoundProgram {
  const changed = (size: Size, changes: SizeChanges) => {
    const unknown = Object.keys(changes).find((key) => !(key in size))
    if (unknown !== undefined)
      throw new Error(`The size of ${name} has no ${unknown}; it has ${Object.keys(size).join(', ')}.`)
    return { ...size, ...changes }
  }
  return {
    name,
    concerns,
    whyNot,
    short: async (storage, changes = {}) => run(storage, changed(short, changes)),
    long: async (storage, changes = {}) => run(storage, changed(long, changes)),
  }
}
