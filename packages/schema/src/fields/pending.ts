import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { duration } from './duration.ts'
import { wholeNumber } from './leaf.ts'

const expected = 'a list of entries such as { polls: 2, response: … } or { for: 5s, response: … }'

/** `pending` of a step whose answers have this schema. */
export function pendingOf<Response extends z.ZodType>(response: Response) {
  return z
    .array(
      mapping(
        {
          polls: wholeNumber('a whole number, at least 1', { min: 1 })
            .optional()
            .describe('So often this answer is given, in each flow.'),
          for: duration
            .optional()
            .describe("So long this answer is given, on the session's clock, from the end of the entry before it."),
          when: condition,
          response: response.optional(),
        },
        'a mapping with "polls" or "for"',
      ),
      { error: expected },
    )
    .min(1, { error: expected })
    .optional()
    .describe(
      'Answers before the final one: each so often or so long, in this order. Without `response` the own one of the step.',
    )
}
