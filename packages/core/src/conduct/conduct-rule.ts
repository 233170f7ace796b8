import type { DeliveryValue } from '../deliveries/delivery-record.ts'
import type { JournalEntry } from '../journal/journal-entry.ts'

/** What a consumer did, as far as the journal and the ledger of callbacks tell. */
export interface Conversation {
  /** In the order of time. */
  readonly requests: readonly JournalEntry[]
  readonly deliveries: readonly DeliveryValue[]
}

/** What a rule is content with, where a partner has not said it. */
export interface ConductLimits {
  /** The shortest time between two polls; null where only that counts which an answer has said. */
  readonly pollIntervalMs: number | null
  /** How soon a callback must be acknowledged. */
  readonly acknowledgeMs: number
}

/** One thing that a well-behaved consumer does. Each is one file; the registry lists them. */
export interface ConductRule {
  /** In kebab-case; stable, since reports of different days are compared. */
  readonly name: string
  /** In one sentence what is expected. */
  readonly expects: string
  judge(conversation: Conversation, limits: ConductLimits): Judgement
}

export interface Judgement {
  /** On how many occasions the consumer could have done wrong; 0 where the rule has nothing to say. */
  readonly occasions: number
  readonly findings: readonly Finding[]
}

/** One violation. */
export interface Finding {
  /** In one sentence what was done, and what should have been. */
  readonly detail: string
  /** Ids of the requests that show it, in the order of time. */
  readonly requests: readonly string[]
  /** Ids of the callbacks that show it. @default none */
  readonly deliveries?: readonly string[]
}
