import type * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { responseFields, spliceField, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'fetch'
const summary = 'Answers with the uploaded payload, byte for byte.'

const response = mapping({ status: status.default(200), ...responseFields, ...spliceField })
  .prefault({})
  .describe('The answer; its body is the uploaded payload.')
const endpoint = mapping({ ...endpointFields, responses: responsesOf(response), response })
const datapoint = datapointSchema({ name, summary, endpoint, fields: {} })

export type FetchDatapoint = z.output<typeof datapoint>

export const fetchPattern = {
  name,
  aliases: [],
  summary,
  takesPayload: true,
  datapoint,
  endpoint,
} satisfies PatternSchema
