import { type ApplyServices, applyDue } from './apply-due.ts'
import type { ClockReading } from './clock-reading.ts'
import { dueAnew, dueBy, dueOf, isLeased } from './due.ts'
import type { DueKind } from './due-kind.ts'
import type { Waiting } from './scope-dues.ts'

export interface WalkServices extends ApplyServices {
  readonly kinds: readonly DueKind[]
  /** A clock is another one now: what waits may be due. */
  readonly clockChanged: () => void
}

const pauseMs = 5

/**
 * Sees to it that the work is done that is due by the reading's time: applies it, or makes it due for whoever attempts such
 * work, or waits for who is at it. Resolves to what follows from it and has a time of its own; gives up at the deadline.
 */
export async function finishDue(
  services: WalkServices,
  { kind, key }: Waiting,
  reading: ClockReading,
  deadline: number,
): Promise<Waiting[]> {
  const { storage, clock, wrote } = services
  for (let isOffered = false; clock.now() <= deadline; ) {
    const [record = null] = await storage.get([key])
    const due = record === null ? null : dueOf(record)
    if (record === null || due === null || record.queue !== kind.queue) return []
    if (due.at > reading.now) return [{ kind, key, due }]
    const isFree = !isLeased(record) || (record.dueAt ?? 0) <= clock.now()
    if (isFree && kind.apply !== undefined) {
      const operations = await applyDue(services, kind, { record, due, clock: reading })
      if (operations.length > 0) return followedBy(services.kinds, operations)
    } else if (isFree && !isOffered) {
      const offered = dueAnew(record, dueBy(reading, due.at))
      isOffered = (await storage.write([offered])).ok
      if (isOffered) wrote([offered])
    } else await clock.sleep(pauseMs)
  }
  return []
}

/** What was written and waits for a time. */
function followedBy(kinds: readonly DueKind[], operations: Awaited<ReturnType<typeof applyDue>>): Waiting[] {
  return operations.flatMap((operation) => {
    if (operation.type !== 'put') return []
    const kind = kinds.find(({ queue }) => queue === operation.queue)
    const due = dueOf(operation)
    return kind === undefined || due === null ? [] : [{ kind, key: operation.key, due }]
  })
}
