import * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { duration } from './duration.ts'
import { headerName } from './headers.ts'
import { text, truth } from './leaf.ts'

const origin = text('an origin such as https://shop.example, or *', /^(\*|[a-z][a-z0-9+.-]*:\/\/[^\s/]+|null)$/)
const names = z.array(headerName, { error: 'a list of header names' })

const declared = mapping(
  {
    origins: z
      .array(origin, { error: 'a list of origins' })
      .default(['*'])
      .describe('Origins that may read the answers; by default every one.'),
    headers: names.optional().describe('Request headers that are allowed; by default those that a preflight asks for.'),
    expose: names.default([]).describe('Headers of the answer that scripts may read.'),
    credentials: truth().default(false).describe('Whether cookies and credentials are sent.'),
    max_age: duration.optional().describe('How long a browser may keep the answer to a preflight.'),
  },
  'a mapping with "origins"',
)

/** `cors` of an endpoint. */
export const cors = z
  .union([z.boolean(), declared], { error: 'true, false, or a mapping with "origins"' })
  .optional()
  .describe('Lets scripts of web pages read the answers, and answers the preflights of the path.')

export type DeclaredCors = Exclude<NonNullable<z.output<typeof cors>>, boolean>
