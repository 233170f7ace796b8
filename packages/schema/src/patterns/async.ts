import type * as z from 'zod'
import { capture, generate } from '../fields/capture.ts'
import { duration } from '../fields/duration.ts'
import { endpointFields } from '../fields/endpoint.ts'
import { sentHeaderName } from '../fields/headers.ts'
import { idFormat } from '../fields/id-format.ts'
import { idSource } from '../fields/id-source.ts'
import { oneOf, text, truth, wholeNumber } from '../fields/leaf.ts'
import { pendingOf } from '../fields/pending.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { stateField, states } from '../fields/states.ts'
import { mapping } from '../language-mapping.ts'
import { checkAsyncEndpoint } from './async-endpoint-rules.ts'
import { checkAsyncDatapoint } from './async-rules.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'async'
const aliases = ['polling']
const summary =
  'A flow of steps: a request starts it and gets an id, later requests with that id poll it and take the result.'

const response = mapping({
  status: status
    .optional()
    .describe('The HTTP status, by default 202 for a step that starts a flow and 200 otherwise.'),
  ...responseFields,
  ...bodyField,
  generates_id: truth().default(false).describe('This step starts a flow and gives it a new id.'),
  id: idFormat.optional(),
  id_header: sentHeaderName.optional().describe('Header of the answer that carries the new id, with id_header_value.'),
  id_header_value: text('one line of text that contains {id}', /^[\t -~\u0080-\u00ff]*\{id\}[\t -~\u0080-\u00ff]*$/)
    .optional()
    .describe('Value of that header; {id} stands for the new id.'),
  id_body_field: text('a field name, dotted where it is nested', /^[^\s.]+(\.[^\s.]+)*$/)
    .optional()
    .describe('Field of the JSON answer that carries the new id, dotted where it is nested.'),
  returns_payload: truth().default(false).describe('The body of the answer is the uploaded payload, byte for byte.'),
  body_from: text('flow.NAME, where NAME was captured from body', /^flow\.[A-Za-z_][A-Za-z0-9_]*$/)
    .optional()
    .describe(
      'The body of the answer is what `capture: { NAME: body }` has kept: the bytes and the media type as they came.',
    ),
})
  .transform(({ status, ...rest }) => ({ status: status ?? (rest.generates_id ? 202 : 200), ...rest }))
  .describe('The answer.')

const ownResponse = response.prefault({}).describe('The answer.')

const endpoint = mapping({
  ...endpointFields,
  responses: responsesOf(ownResponse),
  step: wholeNumber('a whole number, at least 1', { min: 1 })
    .optional()
    .describe(
      'Position in the flow. Endpoints with the same step are alternatives; one without it stands outside the order.',
    ),
  optional: truth().default(false).describe('This step may be skipped.'),
  id_from: idSource,
  capture,
  generate,
  pending: pendingOf(response),
  response: ownResponse,
})

const order = oneOf(['strict', 'any'])
  .default('strict')
  .describe('Whether a step is refused until the steps before it are done.')

const expires = duration
  .optional()
  .describe("How long a flow can be found, on the session's clock; by default as long as its session.")

const datapoint = datapointSchema({
  name,
  aliases,
  summary,
  endpoint,
  fields: { order, expires, states, state_field: stateField },
})

export type AsyncDatapoint = z.output<typeof datapoint>
export type AsyncEndpoint = AsyncDatapoint['endpoints'][number]

export const asyncPattern = {
  name,
  aliases,
  summary,
  takesPayload: true,
  subject: 'flow',
  datapoint,
  endpoint,
  checkEndpoint: checkAsyncEndpoint,
  checkDatapoint: checkAsyncDatapoint,
} satisfies PatternSchema
