import {
  type CustomDatapoint,
  type CustomEndpoint,
  type CustomSchemaOptions,
  customSchema,
  type FieldShape,
  type PatternSchema,
} from '@imnot/schema'
import { type CustomContext, customContext } from './custom-context.ts'
import type { EndpointBehaviour, PatternBehaviour } from './pattern.ts'

/** A pattern of a user's own: how it is written in a definition, and how its endpoints behave. */
export interface CustomPattern extends PatternSchema, PatternBehaviour {}

export interface PatternOptions<Datapoint extends FieldShape, Endpoint extends FieldShape, Response extends FieldShape>
  extends CustomSchemaOptions<Datapoint, Endpoint, Response> {
  /** How one endpoint answers; called once for each when a definition is loaded. */
  compile(context: CustomContext<CustomDatapoint<Datapoint>, CustomEndpoint<Endpoint, Response>>): EndpointBehaviour
}

/**
 * Makes a pattern for `createImnot({ patterns })`, or for a module that `--pattern` names. Its endpoints have all that endpoints
 * of every pattern may have: `when`, `auth`, `responses`, `callbacks`, `page`, `errors` and so on.
 *
 * @example
 * const echo = definePattern({
 *   name: 'echo',
 *   summary: 'Answers with what was sent.',
 *   compile: () => ({ readsBody: true, plan: ({ exchange }) => ({ answer: respond(200, [], exchange.bytes) }) }),
 * })
 */
export function definePattern<
  Datapoint extends FieldShape = Record<never, never>,
  Endpoint extends FieldShape = Record<never, never>,
  Response extends FieldShape = Record<never, never>,
>(options: PatternOptions<Datapoint, Endpoint, Response>): CustomPattern {
  return { ...customSchema(options), compile: (context) => options.compile(customContext(context)) }
}
