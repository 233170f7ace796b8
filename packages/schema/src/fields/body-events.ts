import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { condition } from './condition.ts'
import { duration } from './duration.ts'
import { text, wholeNumber } from './leaf.ts'

const event = mapping(
  {
    for_each: text('the name of a loop variable', /^[A-Za-z_][A-Za-z0-9_]*$/)
      .optional()
      .describe('Sends one event for each item of `in`; the other keys see it by this name.'),
    in: z.unknown().optional().describe('The list that for_each goes through: a template, or a list.'),
    when: condition,
    pause: duration.default(0).describe("How long the stream waits before it, on the session's clock."),
    event: text('text, or a template').optional().describe('The name of the event; of text/event-stream.'),
    id: text('text, or a template').optional().describe('The id of the event; of text/event-stream.'),
    retry: wholeNumber('a whole number of milliseconds', { min: 0 })
      .optional()
      .describe('When a client that lost the stream comes again; of text/event-stream.'),
    comment: text('text, or a template').optional().describe('A line that clients skip; of text/event-stream.'),
    data: z.unknown().optional().describe('What the event says: a mapping or a list is sent as JSON, text as it is.'),
  },
  'a mapping with "data"',
)
  .superRefine(({ for_each: name, in: list }, context) => {
    if (context.issues.length > 0 || (name === undefined) === (list === undefined)) return
    const [has, lacks] = name === undefined ? ['in', 'for_each'] : ['for_each', 'in']
    const message = `"${has}" needs "${lacks}", e.g. { for_each: word, in: "{{ request.body.words }}", data: "{{ word }}" }.`
    context.addIssue({ code: 'custom', message, path: [has], params: { code: 'missing-key', at: 'key' } })
  })
  .meta({ id: 'event' })

/** `body_events` of a response. */
export const bodyEvents = z
  .array(event, { error: 'a list of events' })
  .min(1, { error: 'a list of at least one event' })
  .optional()
  .describe('The body is a stream of events with pauses: server-sent events, or JSON lines by content_type.')

export type DeclaredEvent = NonNullable<z.output<typeof bodyEvents>>[number]
