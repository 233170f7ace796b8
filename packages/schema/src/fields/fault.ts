import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { duration } from './duration.ts'
import { chance, oneOf, wholeNumber } from './leaf.ts'

/** What can go wrong on the connection; a test keeps these equal to the ones that hosts know. */
export const connectionFaults = [
  'connection_reset',
  'empty_response',
  'truncated_body',
  'malformed_chunk',
  'hang',
] as const

const kind = oneOf([...connectionFaults, 'none'])

const declared = mapping({
  kind: kind.optional().describe('What goes wrong with the connection.'),
  slow_body: duration.optional().describe("Instead of `kind`: the body takes so long, on the session's clock."),
  probability: chance.default(1).describe('How likely an answer is hit, from 0 to 1.'),
  times: wholeNumber('a whole number, at least 1', { min: 1 })
    .optional()
    .describe('So many answers are hit, in each session; those after them are not.'),
  when: condition,
}).superRefine(({ kind, slow_body: slow }, context) => {
  if (context.issues.length > 0 || (kind === undefined) !== (slow === undefined)) return
  const message = `"fault" needs either "kind", one of ${connectionFaults.join(', ')}, or "slow_body", such as 30s.`
  context.addIssue({ code: 'custom', message, params: { code: 'bad-fault' } })
})

/** `fault` of an endpoint. */
export const fault = z
  .union([kind, declared], { error: `one of ${connectionFaults.join(', ')}, or a mapping with "kind" or "slow_body"` })
  .optional()
  .describe('What goes wrong with the answers, after everything is written: a lost answer, and not a lost request.')

export type ConnectionFault = (typeof connectionFaults)[number]
export type DeclaredFault = NonNullable<z.output<typeof fault>>
