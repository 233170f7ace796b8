import type * as z from 'zod'
import { mapping } from '../language-mapping.ts'
import { checkBodyFile, checkSplice } from '../response-rules.ts'
import { headers } from './headers.ts'
import { bodyField, contentType, status } from './response.ts'

/** The kinds of imnot's own refusals, and when each comes. A test keeps them equal to the ones that core has. */
const kinds = {
  not_found: 'No flow or record has the id that the request names.',
  no_payload: 'Nobody has uploaded the payload that the endpoint answers with.',
  out_of_order: 'A step of a flow came before one that must precede it.',
  unauthorized: 'The credential is missing or wrong.',
  forbidden: 'The credential is right and does not suffice.',
  invalid: 'The request does not fit what the endpoint asks for.',
  conflict: 'The id is taken, or the record has changed meanwhile.',
  rate_limited: 'Too many requests came.',
  failed: 'The flow was made to fail.',
  no_route: 'A request of the route for which no `when` holds.',
} as const

export type ErrorKind = keyof typeof kinds
export const errorKinds = Object.keys(kinds) as ErrorKind[]

const error = mapping({
  status: status.optional(),
  headers,
  content_type: contentType,
  ...bodyField,
})
  .superRefine((value, context) => {
    for (const { message, path, ...params } of [...checkBodyFile(value), ...checkSplice(value)])
      context.addIssue({ code: 'custom', message, path: [...path], params })
  })
  .meta({ id: 'error' })
  .optional()

/** `errors` of a partner, a datapoint or an endpoint; the nearest one wins. */
export const errors = mapping(
  Object.fromEntries(errorKinds.map((kind) => [kind, error.describe(kinds[kind])])) as Record<ErrorKind, typeof error>,
  'a mapping of kinds of refusals to answers',
)
  .meta({ id: 'errors' })
  .optional()
  .describe("The partner's shape for imnot's own refusals; `error.detail` in templates says what was wrong.")

export type DeclaredErrors = NonNullable<z.output<typeof errors>>
