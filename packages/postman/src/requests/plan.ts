import type { Variable } from '../variables/variable.ts'

/** A request as a pattern describes it. All text is data; what is to be filled in is a `Variable`. */
export interface RequestPlan {
  readonly name: string
  readonly description?: string | undefined
  readonly method: string
  /** In the language's own syntax: `/external/jobs/{id}`. */
  readonly path: string
  /** Values of the path's parameters. */
  readonly params?: Readonly<Record<string, Variable>> | undefined
  readonly query?: readonly Pair[] | undefined
  readonly headers?: readonly Pair[] | undefined
  readonly body?: BodyPlan | undefined
  readonly captures?: readonly Capture[] | undefined
  /** Emptied once the answer has come. */
  readonly forgets?: readonly Variable[] | undefined
  readonly answer: AnswerPlan
  /** Sent as bearer token. */
  readonly bearer?: Variable | undefined
  /** @default true */
  readonly followsRedirects?: boolean
  /** Sent with the admin key. @default false */
  readonly isAdmin?: boolean
}

export type Pair = readonly [name: string, value: string | Variable]

/** `json` may hold variables at any depth. */
export type BodyPlan =
  | { readonly json: unknown }
  | { readonly form: readonly Pair[] }
  /** No text of a definition: Postman would look for variables in it. */
  | { readonly text: string; readonly type: string }

/** What the test script of a request keeps of its answer, for the requests after it. */
export interface Capture {
  readonly variable: Variable
  /** A header whose value has the id where `{id}` stands, or the way into a JSON body. */
  readonly from: { readonly header: string; readonly value: string } | { readonly json: readonly string[] }
}

/** The answer that is expected, and saved as an example. */
export interface AnswerPlan {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly contentType?: string | undefined
  /** Text stands as it is, any other value is JSON. */
  readonly body?: unknown
}
