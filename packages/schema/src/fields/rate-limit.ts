import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { duration } from './duration.ts'
import { oneOf, wholeNumber } from './leaf.ts'

const expected = 'a mapping with "limit" and "per", or false'

const count = wholeNumber('a whole number, at least 1', { min: 1 })

const declared = mapping(
  {
    limit: count.optional().describe('So many requests are answered in each window.'),
    per: duration.optional().describe("The length of a window, on the session's clock; by default 1m."),
    requests_per_minute: count.optional().describe('Short for `limit` with `per: 1m`.'),
    by: oneOf(['session', 'token', 'ip'])
      .default('session')
      .describe('Whose requests are counted together: all of the session, those of one credential, or of one address.'),
    of: oneOf(['endpoint', 'datapoint', 'partner'])
      .default('endpoint')
      .describe('Which requests are counted together: those of this endpoint, of its datapoint, or of the partner.'),
  },
  'a mapping with "limit" and "per"',
).superRefine(({ limit, per, requests_per_minute: perMinute }, context) => {
  if (context.issues.length > 0) return
  const isOne = (limit === undefined) !== (perMinute === undefined) && (perMinute === undefined || per === undefined)
  if (isOne && per !== 0) return
  const message = '"rate_limit" needs either "limit" with "per", e.g. { limit: 60, per: 1m }, or "requests_per_minute".'
  context.addIssue({ code: 'custom', message, params: { code: 'bad-rate-limit' } })
})

/** `rate_limit` of an endpoint. */
export const rateLimit = z
  .union([declared, z.literal(false, { error: expected })], { error: expected })
  .optional()
  .describe('So many requests are answered; those above it are refused as `rate_limited`, with Retry-After.')

export type DeclaredRateLimit = Exclude<NonNullable<z.output<typeof rateLimit>>, false>
