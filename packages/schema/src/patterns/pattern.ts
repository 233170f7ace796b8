import * as z from 'zod'
import type { EffectSubject } from '../effect-rules.ts'
import type { DeclaredAuth } from '../fields/auth.ts'
import { basePath } from '../fields/base-path.ts'
import type { DeclaredEvent } from '../fields/body-events.ts'
import type { DeclaredCallback } from '../fields/callbacks.ts'
import { defaults } from '../fields/defaults.ts'
import type { DeclaredDelay } from '../fields/delay.ts'
import type { DeclaredEffect } from '../fields/effects.ts'
import { type DeclaredErrors, errors } from '../fields/errors.ts'
import type { DeclaredFault } from '../fields/fault.ts'
import { datapointName, description } from '../fields/names.ts'
import type { DeclaredPage } from '../fields/page.ts'
import type { Problem } from '../problem.ts'

/**
 * What a pattern adds to the language. The built-in ones are files beside this one; a user's own is the same object,
 * given to `parseDefinition` in `patterns`.
 */
export interface PatternSchema {
  /** The name that a parsed definition carries. */
  readonly name: string
  /** Other names that a definition may use for it. */
  readonly aliases: readonly string[]
  /** One sentence for lists and completion. */
  readonly summary: string
  /** Whether its datapoints answer with uploaded bytes. */
  readonly takesPayload: boolean
  /** Whether its datapoints hand out tokens that `auth` may name. @default false */
  readonly issuesTokens?: boolean
  /** Whether its endpoints have a list of their own, so that `page` need not name one. @default false */
  readonly hasList?: boolean
  /** What its datapoints keep of a request, which `set` and `enter` change: flows, or records of a resource. @default null */
  readonly subject?: EffectSubject
  /** A strict object of all keys of a datapoint, as `datapointSchema` builds it. */
  readonly datapoint: z.ZodObject
  /** One endpoint of such a datapoint. */
  readonly endpoint: z.ZodType
  /** The datapoint as it was written, with what it has without saying so. */
  complete?(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
  /** Rules between the keys of one endpoint; called when each key is well formed. Paths begin at the endpoint. */
  checkEndpoint?(endpoint: EndpointShape): Problem[]
  /** Rules between endpoints; called when every endpoint is well formed. Paths begin at the datapoint. */
  checkDatapoint?(datapoint: DatapointShape): Problem[]
}

/** What an endpoint of any pattern has. */
export interface EndpointShape {
  method: string[]
  path: string
  description?: string | undefined
  advertise?: string | undefined
  step?: number | undefined
  /** A condition; the endpoint answers the requests for which it holds. */
  when?: unknown
  auth?: DeclaredAuth
  errors?: DeclaredErrors | undefined
  /** Where the request says its idempotency key: `headers.NAME` and the like. */
  idempotency_key?: string | undefined
  effects?: DeclaredEffect[] | undefined
  callbacks?: DeclaredCallback[] | undefined
  delay?: DeclaredDelay | undefined
  fault?: DeclaredFault | undefined
  page?: DeclaredPage | undefined
  response: ResponseShape
  responses?: { when?: unknown; times?: number | undefined; response: ResponseShape }[] | undefined
  /** What the endpoint has from its datapoint and its partner; filled in, never declared. */
  inherited?: Inherited
}

export interface Inherited {
  /** Of every answer, imnot's own refusals included, unless the answer has one of the same name. */
  headers?: Record<string, string | string[]>
  /** Of bodies whose answer says none. */
  content_type?: string
  /** The host names that the partner answers, in lower case; absent: all. */
  hosts?: string[]
}

/** What a response of any pattern has. */
export interface ResponseShape {
  status: number
  headers: Record<string, string | string[]>
  content_type?: string | undefined
  body?: unknown
  body_file?: string | undefined
  template?: boolean | undefined
  splice?: Record<string, unknown> | undefined
  body_events?: DeclaredEvent[] | undefined
}

/** What a datapoint of any pattern has. */
export interface DatapointShape {
  name: string
  description?: string | undefined
  pattern: string
  endpoints: EndpointShape[]
}

interface DatapointOptions<Name extends string, Endpoint extends z.ZodType, Fields extends z.ZodRawShape> {
  name: Name
  aliases?: readonly string[]
  summary: string
  endpoint: Endpoint
  /** Keys of the datapoint beside those that every datapoint has. */
  fields: Fields
}

/** The keys of a datapoint of one pattern. */
export function datapointSchema<Name extends string, Endpoint extends z.ZodType, Fields extends z.ZodRawShape>({
  name,
  aliases = [],
  summary,
  endpoint,
  fields,
}: DatapointOptions<Name, Endpoint, Fields>) {
  return z.strictObject({
    name: datapointName,
    description,
    pattern: z
      // As plain text: the type of an enum of `Name` is one that TypeScript writes down wrongly for those who import it.
      .enum([name, ...aliases] as readonly string[])
      .transform(() => name)
      .describe(summary),
    base_path: basePath,
    defaults,
    errors,
    ...fields,
    endpoints: z
      .array(endpoint, { error: 'a list of endpoints' })
      .min(1, { error: 'a list of at least one endpoint' })
      .describe('The endpoints: each one method and path, with its answer.'),
  })
}
