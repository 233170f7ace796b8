import { attemptsFeature } from './attempts.ts'
import { authFeature } from './auth.ts'
import { callbacksFeature } from './callbacks.ts'
import { corsFeature } from './cors.ts'
import { delayFeature } from './delay.ts'
import { faultFeature } from './fault.ts'
import type { FeatureCompiler } from './feature.ts'
import { idempotencyFeature } from './idempotency.ts'
import { pageFeature } from './page.ts'
import { rateLimitFeature } from './rate-limit.ts'
import { recordFeature } from './record.ts'
import { recordsFeature } from './records.ts'
import { validateFeature } from './validate.ts'

/** What every endpoint may declare, in the order in which it acts: what comes first sees the request first and the answer last. */
export const builtinFeatures: readonly FeatureCompiler[] = [
  corsFeature,
  delayFeature,
  faultFeature,
  authFeature,
  rateLimitFeature,
  validateFeature,
  recordFeature,
  recordsFeature,
  attemptsFeature,
  pageFeature,
  callbacksFeature,
  // The last to add to a plan: the answer that is kept is the whole one.
  idempotencyFeature,
]
