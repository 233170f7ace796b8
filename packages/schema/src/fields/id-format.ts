import { readIdFormat } from '../ids/read-id-format.ts'
import { text } from './leaf.ts'

const rule = 'uuid, ulid, sequence, a format such as RES-{seq:6}, or a template'

/** How ids are made: of flows, of records, and of what `generate` makes. */
export const idFormat = text(rule)
  .superRefine((value, context) => {
    const read = readIdFormat(value)
    if (read.ok) return
    const message = `The id ${JSON.stringify(value.slice(0, 200))} ${read.problem}.`
    context.addIssue({ code: 'custom', message, params: { code: 'bad-id-format' } })
  })
  .meta({
    description:
      'How the id is made: `uuid`, `ulid`, `sequence` (a number), a format of text and {seq:6} {hex:32} {upper:4} {lower:4} {digit:4} {alnum:12} {ulid} {uuid}, or a template of the request, by which the client chooses it.',
    examples: ['ulid', 'sequence', 'RES-{seq:6}', '{upper:4}-{digit:4}', '{{ request.body.name }}'],
  })
