import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { duration } from './duration.ts'

const spreadRule = 'a number from 0 to 5'
const pairs = 'either { min, max } or { median, sigma }'

const spread = mapping({
  min: duration.optional().describe('The shortest; every length up to `max` is as likely.'),
  max: duration.optional().describe('The longest.'),
  median: duration
    .optional()
    .describe('Half of the answers come sooner: a log-normal delay, as real services have it.'),
  sigma: z
    .number({ error: spreadRule })
    .min(0, { error: spreadRule })
    .max(5, { error: spreadRule })
    .optional()
    .describe('How far the long ones reach, such as 0.5.'),
}).superRefine(({ min, max, median, sigma }, context) => {
  if (context.issues.length > 0) return
  const isRange = min !== undefined && max !== undefined && median === undefined && sigma === undefined
  const isLogNormal = median !== undefined && sigma !== undefined && min === undefined && max === undefined
  const fault = (message: string) => context.addIssue({ code: 'custom', message, params: { code: 'bad-delay' } })
  if (!isRange && !isLogNormal) fault(`"delay" must be a duration such as 200ms, or ${pairs}.`)
  else if (min !== undefined && max !== undefined && min > max) fault('The "min" of "delay" is longer than its "max".')
})

/** `delay` of an endpoint. */
export const delay = z
  .union([duration, spread], { error: `a duration such as 200ms, or ${pairs}` })
  .optional()
  .describe("How long every answer waits, on the session's clock, after everything is written.")

export type DeclaredDelay = NonNullable<z.output<typeof delay>>
