import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { wholeNumber } from './leaf.ts'

/** `responses` of an endpoint whose answers have this schema. */
export function responsesOf<Response extends z.ZodType>(response: Response) {
  return z
    .array(
      mapping({
        when: condition,
        times: wholeNumber('a whole number, at least 1', { min: 1 })
          .optional()
          .describe('So often this answer is given, in each session; then the next one is.'),
        response,
      }),
      { error: 'a list of answers' },
    )
    .optional()
    .describe('Answers before `response`: the first whose `when` holds and whose `times` are not used up.')
}
