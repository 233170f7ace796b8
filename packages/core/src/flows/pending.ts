import { type Condition, compileCondition } from '../conditions/condition.ts'
import type { Moment } from '../handling/moment.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import type { FlowAnswer } from './flow-answer.ts'
import type { FlowValue, PendingPlace } from './flow-record.ts'

/** The answers of a step before its final one, compiled once. */
export interface Pending {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** What is answered now, and the flow after that; null once every entry has passed. */
  at(flow: FlowValue, moment: Moment): PendingAnswer | null
}

export interface PendingAnswer {
  /** Null: the step's own. */
  readonly answer: FlowAnswer | null
  readonly flow: FlowValue
}

interface DeclaredEntry {
  readonly polls?: number | undefined
  readonly for?: number | undefined
  readonly when?: unknown
}

interface Entry extends DeclaredEntry {
  readonly condition: Condition | null
  readonly answer: FlowAnswer | null
}

/** `answers` are those of the entries, null where an entry declares none. */
export function compilePending(
  declared: readonly DeclaredEntry[],
  answers: readonly (FlowAnswer | null)[],
  { position, options }: { readonly position: number; readonly options: TemplateOptions },
): Pending {
  const entries = declared.map((entry, index): Entry => {
    const condition = entry.when === undefined ? null : compileCondition(entry.when, options)
    return { ...entry, condition, answer: answers[index] ?? null }
  })
  const parts = entries.flatMap(({ condition, answer }) => [condition, answer]).filter((part) => part !== null)
  return {
    reads: readsOf(parts),
    at(flow, moment) {
      if (flow.steered === 'complete') return null
      const { now } = moment.situation.flowClock
      let place = flow.pending?.[position] ?? { entry: 0, polls: 0, since: flow.begunAt }
      for (;;) {
        const entry = entries[place.entry]
        if (entry === undefined) return null
        const isHeld = flow.steered === 'hold'
        const next = isHeld ? place : afterPoll(entry, place, moment, now)
        if (next !== null) {
          return { answer: entry.answer, flow: { ...flow, pending: { ...flow.pending, [position]: next } } }
        }
        const since = entry.for === undefined || !holds(entry, moment) ? place.since : place.since + entry.for
        place = { entry: place.entry + 1, polls: 0, since }
      }
    },
  }
}

/** Null where the entry has passed, or its condition does not hold. */
function afterPoll(entry: Entry, place: PendingPlace, moment: Moment, now: number): PendingPlace | null {
  if (!holds(entry, moment)) return null
  if (entry.for !== undefined) return now < place.since + entry.for ? place : null
  return place.polls < (entry.polls ?? 0) ? { ...place, polls: place.polls + 1, since: now } : null
}

function holds({ condition }: Entry, { scope }: Moment): boolean {
  return condition === null || condition(scope)
}
