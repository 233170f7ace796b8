import * as z from 'zod'
import { idFormat } from './id-format.ts'
import { text } from './leaf.ts'
import { valueOrBody } from './value-source.ts'

const name = text('a name of letters, digits and "_"', /^[A-Za-z_][A-Za-z0-9_]*$/)

/** `capture` of an endpoint. */
export const capture = z
  .record(name, valueOrBody, { error: 'a mapping of names to where their values stand' })
  .optional()
  .meta({
    description:
      'Values kept with the final answer: each name and where it stands, as `params.NAME`, `query.NAME`, `headers.NAME`, `body.PATH`, a JSONPath, an XPath, a template, or `body` alone for its bytes.',
    examples: [{ reservation: '$.reservation.id', hotel: 'params.hotel', file: 'body' }],
  })

/** `generate` of an endpoint. */
export const generate = z
  .record(name, idFormat, { error: 'a mapping of names to how their ids are made' })
  .optional()
  .meta({
    description:
      'Further ids made here, by their names, in the form of `id`. A path parameter of that name finds the flow again; one that is made anew takes the place of the old one.',
    examples: [{ output: 'file-{ulid}' }],
  })
