import type * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { bodyField, responseFields, status as statusField } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import type { Problem } from '../problem.ts'
import {
  type DatapointShape,
  datapointSchema,
  type EndpointShape,
  type PatternSchema,
  type ResponseShape,
} from './pattern.ts'

/** Keys that a pattern adds to a mapping of the language, each with the schema of its value. */
export type FieldShape = z.ZodRawShape
/** What these keys hold once a definition is parsed. */
export type FieldValues<Fields extends FieldShape> = z.output<z.ZodObject<Fields>>

/** An endpoint with the keys that a pattern adds to it and to its response. */
export type CustomEndpoint<Own extends FieldShape, Response extends FieldShape> = EndpointShape &
  FieldValues<Own> & { response: ResponseShape & FieldValues<Response> }

/** A datapoint with the keys that a pattern adds to it. */
export type CustomDatapoint<Own extends FieldShape> = DatapointShape & FieldValues<Own>

export interface CustomSchemaOptions<
  Datapoint extends FieldShape,
  Endpoint extends FieldShape,
  Response extends FieldShape,
> {
  /** What `pattern:` says in a definition. */
  readonly name: string
  /** Other names for it. @default none */
  readonly aliases?: readonly string[]
  /** One sentence for lists and completion. */
  readonly summary: string
  /** Whether testers upload payloads for its datapoints. @default false */
  readonly takesPayload?: boolean
  /** The status of answers that declare none. @default 200 */
  readonly status?: number
  /** Keys of a datapoint beside those that every datapoint has. @default none */
  readonly datapoint?: Datapoint
  /** Keys of an endpoint beside those that every endpoint has. @default none */
  readonly endpoint?: Endpoint
  /** Keys of a response beside `status`, `headers`, `content_type` and `body`. @default none */
  readonly response?: Response
  /** Rules between the keys of one endpoint; paths begin at the endpoint. */
  checkEndpoint?(endpoint: CustomEndpoint<Endpoint, Response>): Problem[]
  /** Rules between the endpoints; paths begin at the datapoint. */
  checkDatapoint?(datapoint: CustomDatapoint<Datapoint>): Problem[]
}

/** How a pattern of a user's own is written in a definition. */
export function customSchema<Datapoint extends FieldShape, Endpoint extends FieldShape, Response extends FieldShape>(
  options: CustomSchemaOptions<Datapoint, Endpoint, Response>,
): PatternSchema {
  const { name, aliases = [], summary, takesPayload = false, status = 200 } = options
  const { checkEndpoint, checkDatapoint } = options
  const own = (fields: FieldShape | undefined): FieldShape => fields ?? {}
  const response = mapping({
    status: statusField.default(status),
    ...responseFields,
    ...bodyField,
    ...own(options.response),
  })
    .prefault({})
    .describe('The answer.')
  const endpoint = mapping({
    ...endpointFields,
    ...own(options.endpoint),
    responses: responsesOf(response),
    response,
  })
  return {
    name,
    aliases,
    summary,
    takesPayload,
    endpoint,
    datapoint: datapointSchema({ name, aliases, summary, endpoint, fields: own(options.datapoint) }),
    // What the schema above has parsed is of the types that it says.
    ...(checkEndpoint !== undefined && {
      checkEndpoint: (given: EndpointShape) => checkEndpoint(given as CustomEndpoint<Endpoint, Response>),
    }),
    ...(checkDatapoint !== undefined && {
      checkDatapoint: (given: DatapointShape) => checkDatapoint(given as CustomDatapoint<Datapoint>),
    }),
  }
}
