import type { EndpointShape, ResponseShape } from './patterns/pattern.ts'
import { type Problem, prefixProblem } from './problem.ts'

/** RFC 9110, 15.3.5, 15.3.6 and 15.4.5. */
const withoutBody: readonly number[] = [204, 205, 304]

/** Whether an answer with this status can carry a body. */
export function allowsBody(status: number): boolean {
  return !withoutBody.includes(status)
}

/** Rules between the keys of a response, the same for every pattern. Paths begin at the endpoint. */
export function checkResponse({ response }: EndpointShape): Problem[] {
  const problems: Problem[] = []
  for (const key of ['body', 'body_file', 'body_events'] as const) {
    if (allowsBody(response.status) || response[key] === undefined) continue
    const message = `An answer with status ${response.status} has no body; leave "${key}" out or choose another status.`
    problems.push({ code: 'body-not-allowed', message, path: ['response', key], at: 'key' })
  }
  problems.push(...checkBodyFile(response).map((problem) => prefixProblem(['response'], problem)))
  const header = Object.keys(response.headers).find((name) => name.toLowerCase() === 'content-type')
  if (header !== undefined && response.content_type !== undefined) {
    const message = `"content_type" and the header "${header}" say the same; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: ['response', 'content_type'], at: 'key' })
  }
  return problems
}

type DeclaredBody = Pick<ResponseShape, 'body' | 'body_file' | 'body_events' | 'template' | 'splice'>

/** Rules between the keys that declare a body. Paths begin at the mapping that has them. */
export function checkBodyFile(declared: DeclaredBody): Problem[] {
  const { body, body_file: file, template, splice, body_events: events } = declared
  const given = body === undefined ? 'body_file' : 'body'
  if (events !== undefined && declared[given] !== undefined) {
    const message = `"${given}" and "body_events" exclude each other; keep one.`
    return [{ code: 'conflicting-keys', message, path: ['body_events'], at: 'key' }]
  }
  if (file === undefined && template !== undefined) {
    const message = '"template" needs "body_file"; text of "body" is a template by itself.'
    return [{ code: 'missing-key', message, path: ['template'], at: 'key' }]
  }
  if (template === true && splice !== undefined) {
    const message = '"template" and "splice" exclude each other: one renders the file, the other keeps it; keep one.'
    return [{ code: 'conflicting-keys', message, path: ['splice'], at: 'key' }]
  }
  if (file === undefined || body === undefined) return []
  const message = '"body" and "body_file" exclude each other; keep one.'
  return [{ code: 'conflicting-keys', message, path: ['body_file'], at: 'key' }]
}

/** For what has no payload by nature: without bytes there is nothing to splice. */
export function checkSplice(response: DeclaredBody & { readonly returns_payload?: boolean | undefined }): Problem[] {
  const { splice, body_file: file, returns_payload: isPayload = false } = response
  if (splice === undefined || file !== undefined || isPayload) return []
  const message =
    '"splice" changes the bytes of a payload or of a "body_file", and there is none; write its values into "body".'
  return [{ code: 'missing-key', message, path: ['splice'], at: 'key' }]
}

/** The same rules for each of `responses`. */
export function checkChoices({ responses = [], ...endpoint }: EndpointShape): Problem[] {
  return responses.flatMap(({ response }, index) =>
    checkResponse({ ...endpoint, response }).map((problem) => prefixProblem(['responses', index], problem)),
  )
}
