import * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { headerName } from '../fields/headers.ts'
import { text } from '../fields/leaf.ts'
import { methodName } from '../fields/method.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import { type Problem, prefixProblem, type ValuePath } from '../problem.ts'
import { checkSplice } from '../response-rules.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'callback'
const aliases = ['push']
const summary =
  'Accepts a request, answers at once, and later sends the uploaded payload to a URL that the request named.'

const longestDelay = 30 * 24 * 3600
const delayRule = `a number of seconds from 0 to ${longestDelay} (30 days)`

const response = mapping(
  {
    status: status.default(202),
    ...responseFields,
    ...bodyField,
    callback_url_field: text('the name of a body field, dotted where it is nested')
      .optional()
      .describe('Field of the request body that holds the URL to call. Exactly one of this and callback_url_header.'),
    callback_url_header: headerName
      .optional()
      .describe('Header of the request that holds the URL to call. Exactly one of this and callback_url_field.'),
    callback_method: methodName.default('POST').describe('Method of the outgoing call.'),
    callback_delay_seconds: z
      .number({ error: delayRule })
      .min(0, { error: delayRule })
      .max(longestDelay, { error: delayRule })
      .default(0)
      .describe('Seconds between the answer and the outgoing call.'),
  },
  'a mapping with "callback_url_field" or "callback_url_header"',
).describe('The immediate answer, and where the later call goes.')

type Response = z.output<typeof response>

const endpoint = mapping({ ...endpointFields, responses: responsesOf(response), response }).transform((declared) => ({
  ...declared,
  ...(declared.responses && {
    responses: declared.responses.map((choice) => ({
      ...choice,
      response: calling(choice.response, declared.response),
    })),
  }),
}))
const datapoint = datapointSchema({ name, aliases, summary, endpoint, fields: {} })

export type CallbackDatapoint = z.output<typeof datapoint>

export const callbackPattern = {
  name,
  aliases,
  summary,
  takesPayload: true,
  datapoint,
  endpoint,
  checkEndpoint({ response, responses = [] }: CallbackDatapoint['endpoints'][number]): Problem[] {
    // Without one of its own an alternative has that of the response.
    const alternatives = responses.flatMap((choice, index) =>
      checkUrlKeys(choice.response, ['responses', index, 'response']).filter(({ code }) => code !== 'missing-key'),
    )
    const spliced = checkSplice(response).map((problem) => prefixProblem(['response'], problem))
    return [...checkUrlKeys(response, ['response']), ...alternatives, ...spliced]
  },
  checkDatapoint({ endpoints }: CallbackDatapoint): Problem[] {
    if (endpoints.length === 1) return []
    const message = `A datapoint of pattern callback has exactly one endpoint, found ${endpoints.length}; give each its own datapoint.`
    return [{ code: 'too-many-endpoints', message, path: ['endpoints', 1] }]
  },
} satisfies PatternSchema

/** An alternative answer calls where the response would, unless it says another place. */
function calling(
  alternative: Response,
  { callback_url_field: field, callback_url_header: header }: Response,
): Response {
  if (alternative.callback_url_field !== undefined || alternative.callback_url_header !== undefined) return alternative
  return {
    ...alternative,
    ...(field !== undefined && { callback_url_field: field }),
    ...(header !== undefined && { callback_url_header: header }),
  }
}

function checkUrlKeys(
  { callback_url_field: field, callback_url_header: header }: Response,
  path: ValuePath,
): Problem[] {
  if (field === undefined && header === undefined) {
    const message =
      'A response of pattern callback needs "callback_url_field" or "callback_url_header", which tells where a request names the URL to call.'
    return [{ code: 'missing-key', message, path }]
  }
  if (field !== undefined && header !== undefined) {
    const message = '"callback_url_field" and "callback_url_header" exclude each other; keep one.'
    return [{ code: 'conflicting-keys', message, path: [...path, 'callback_url_header'], at: 'key' }]
  }
  return []
}
