import type { SharedStorage } from '../support/storages.ts'
import { crash } from './crash.ts'
import { nodes } from './nodes.ts'
import { outage } from './outage.ts'
import type { Outcome, Program } from './program.ts'
import { sessions } from './sessions.ts'

/** A program with its two sizes bound, so that programs of different sizes stand in one list. */
export interface BoundProgram {
  readonly name: string
  concerns(storage: SharedStorage): boolean
  short(storage: SharedStorage): Promise<Outcome>
  long(storage: SharedStorage): Promise<Outcome>
}

export const programs: readonly BoundProgram[] = [bound(crash), bound(sessions), bound(outage), bound(nodes)]

function bound<Size>({ name, concerns = () => true, short, long, run }: Program<Size>): BoundProgram {
  return { name, concerns, short: (storage) => run(storage, short), long: (storage) => run(storage, long) }
}
