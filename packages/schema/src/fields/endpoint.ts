import { auth } from './auth.ts'
import { bodyLimit } from './body-limit.ts'
import { callbacks } from './callbacks.ts'
import { condition } from './condition.ts'
import { cors } from './cors.ts'
import { delay } from './delay.ts'
import { effects } from './effects.ts'
import { errors } from './errors.ts'
import { fault } from './fault.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { text } from './leaf.ts'
import { methods } from './method.ts'
import { description } from './names.ts'
import { page } from './page.ts'
import { path } from './path.ts'
import { rateLimit } from './rate-limit.ts'
import { validate } from './validate.ts'

/** Keys of every endpoint that `defaults` may hold, too, beside method and path. */
export const sharedFields = {
  when: condition,
  auth,
  rate_limit: rateLimit,
  validate,
  body_limit: bodyLimit,
  cors,
  idempotency_key: idempotencyKey,
  errors,
  effects,
  callbacks,
  delay,
  fault,
  page,
}

const advertise = text('a name such as registration_endpoint')
  .optional()
  .describe('The name of a line in the discovery document of the partner, which holds the URL of this endpoint.')

/** Keys of every endpoint; each pattern adds its `response` and `responses`. */
export const endpointFields = { method: methods, path, description, advertise, ...sharedFields }
