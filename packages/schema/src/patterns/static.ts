import type * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import { type Problem, prefixProblem } from '../problem.ts'
import { checkSplice } from '../response-rules.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'static'
const summary = 'Answers every request with the declared status, headers and body.'

const response = mapping({ status: status.default(200), ...responseFields, ...bodyField })
  .prefault({})
  .describe('The answer.')
const endpoint = mapping({ ...endpointFields, responses: responsesOf(response), response })
const datapoint = datapointSchema({ name, summary, endpoint, fields: {} })

export type StaticDatapoint = z.output<typeof datapoint>

export const staticPattern = {
  name,
  aliases: [],
  summary,
  takesPayload: false,
  datapoint,
  endpoint,
  checkEndpoint: ({ response }: StaticDatapoint['endpoints'][number]): Problem[] =>
    checkSplice(response).map((problem) => prefixProblem(['response'], problem)),
} satisfies PatternSchema
