import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { callbacks } from './callbacks.ts'
import { condition } from './condition.ts'
import { duration } from './duration.ts'
import { effects } from './effects.ts'
import { text, wholeNumber } from './leaf.ts'

const expected = 'a list of states such as { name: queued, polls: 1 }'

const state = mapping(
  {
    name: text('the name of a state').describe('The name, as `state_field` and `flow.state` show it.'),
    polls: wholeNumber('a whole number, at least 1', { min: 1 })
      .optional()
      .describe('After so many polls the next state is entered; the poll itself shows that one already.'),
    for: duration
      .optional()
      .describe("After so long the next state is entered, on the session's clock, whether somebody asks or not."),
    when: condition,
    set: z
      .record(z.string(), z.unknown(), { error: 'a mapping of names to values' })
      .optional()
      .describe('Values that are kept when the state is entered; they may be templates.'),
    callbacks,
    effects,
  },
  'a mapping with "name"',
).meta({ id: 'state' })

/** `states` of a flow, or of the records of a resource. */
export const states = z
  .array(state, { error: expected })
  .min(1, { error: expected })
  .optional()
  .describe('What it goes through, in this order: the first is entered at creation; one without polls and for stays.')

/** `state_field`: where answers show the state. */
export const stateField = text('a field name, dotted where it is nested', /^[^\s.]+(\.[^\s.]+)*$/)
  .optional()
  .describe('Field of the JSON answers that shows the name of the state.')

export type DeclaredState = NonNullable<z.output<typeof states>>[number]
