import * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { fileName } from '../fields/file-name.ts'
import { idFormat } from '../fields/id-format.ts'
import { idSource } from '../fields/id-source.ts'
import { oneOf, text } from '../fields/leaf.ts'
import { path } from '../fields/path.ts'
import { requestPlace } from '../fields/request-place.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { stateField, states } from '../fields/states.ts'
import { mapping } from '../language-mapping.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'
import { defaultStatus, operationOf, operations } from './resource-operations.ts'
import { checkResourceDatapoint, checkResourceEndpoint, withUsualEndpoints } from './resource-rules.ts'

const name = 'resource'
const summary = 'Records that requests create, read, replace, patch, delete and list.'

const response = mapping({
  status: status
    .optional()
    .describe('The HTTP status, by default 201 for create, 204 for delete without a body, and 200 otherwise.'),
  ...responseFields,
  ...bodyField,
  body: bodyField.body.describe('The body; by default the record, or the list of records.'),
})
  .prefault({})
  .describe('The answer.')

type Answer = z.output<typeof response>

const endpoint = mapping({
  ...endpointFields,
  operation: oneOf(operations)
    .optional()
    .describe('What it does, where the method and the path do not tell: `list` by POST, for example.'),
  id_from: idSource,
  responses: responsesOf(response),
  response,
}).transform(({ response, responses, ...endpoint }) => {
  const operation = endpoint.operation ?? operationOf(endpoint)
  const complete = ({ status, ...rest }: Answer) => {
    const body = rest.body !== undefined || rest.body_file !== undefined
    return { status: status ?? defaultStatus(operation, body), ...rest }
  }
  return {
    ...endpoint,
    ...(operation !== undefined && { operation }),
    ...(responses !== undefined && {
      responses: responses.map((choice) => ({ ...choice, response: complete(choice.response) })),
    }),
    response: complete(response),
  }
})

const chosenId = requestPlace().describe(
  'Where the request says it: body.PATH, params.NAME, query.NAME or headers.NAME.',
)
const memberPath = text('a field name, dotted where it is nested', /^[^\s.]+(\.[^\s.]+)*$/)
const memberPaths = z.array(memberPath, { error: 'a list of field names' }).default([])
const content = z.record(z.string(), z.unknown(), { error: 'a mapping' })

const fields = {
  path: path.optional().describe('Where the collection is; a record is at its path and {id}.'),
  id: z
    .union([idFormat, mapping({ from: chosenId }, 'a mapping with "from"')], {
      error: 'a format of ids, or { from: body.FIELD }',
    })
    .default('uuid')
    .describe('How ids are made; or { from: body.code }, where the client says which one it chooses.'),
  scope: z
    .array(text('the name of a path parameter'), { error: 'a list of path parameters' })
    .optional()
    .describe(
      'The path parameters that ids, sequences, `unique` and lists are kept apart by; by default all but {id}.',
    ),
  record: content
    .optional()
    .describe(
      'What a new record holds; its templates see the request, and its id as `record.id`. By default the body.',
    ),
  states,
  state_field: stateField,
  hidden: memberPaths.describe('Members that are kept and never answered as part of the record.'),
  unique: memberPaths.describe('Members that no two records may have the same value in.'),
  records: z
    .array(content, { error: 'a list of records, each a mapping with "id"' })
    .default([])
    .describe('The records that are there from the start; each has its id, and the path parameters of its scope.'),
  records_file: fileName
    .optional()
    .describe('A file with such records, as JSON, JSON lines or CSV; a path relative to the definition.'),
}

const whole = datapointSchema({ name, summary, endpoint, fields })
const datapoint = whole.extend({
  endpoints: whole.shape.endpoints
    .default([])
    .describe('The endpoints; where there are none, or only actions, the usual ones exist at `path`.'),
})

export type ResourceDatapoint = z.output<typeof datapoint>
export type ResourceEndpoint = ResourceDatapoint['endpoints'][number]

export const resourcePattern = {
  name,
  aliases: [],
  summary,
  takesPayload: false,
  subject: 'record',
  hasList: true,
  datapoint,
  endpoint,
  complete: withUsualEndpoints,
  checkEndpoint: checkResourceEndpoint,
  checkDatapoint: checkResourceDatapoint,
} satisfies PatternSchema
