import { requestPlace } from './request-place.ts'

/** `idempotency_key` of an endpoint. */
export const idempotencyKey = requestPlace()
  .optional()
  .meta({
    description:
      'Where the request says its idempotency key: the same key gets the first answer below 400 again, and nothing is done twice.',
    examples: ['headers.Idempotency-Key', 'body.request_id'],
  })
