import type { ConductRule } from './conduct-rule.ts'
import { callbacksAcknowledgedRule } from './rules/callbacks-acknowledged.ts'
import { idempotencyKeyRule } from './rules/idempotency-key.ts'
import { pagesToEndRule } from './rules/pages-to-end.ts'
import { pollingIntervalRule } from './rules/polling-interval.ts'
import { pollsAfterFinalRule } from './rules/polls-after-final.ts'
import { retryAfterRule } from './rules/retry-after.ts'
import { stepsInOrderRule } from './rules/steps-in-order.ts'
import { tokenReuseRule } from './rules/token-reuse.ts'

/** In the order in which a report lists them. */
export const conductRules: readonly ConductRule[] = [
  stepsInOrderRule,
  retryAfterRule,
  pollingIntervalRule,
  pollsAfterFinalRule,
  tokenReuseRule,
  idempotencyKeyRule,
  pagesToEndRule,
  callbacksAcknowledgedRule,
]
