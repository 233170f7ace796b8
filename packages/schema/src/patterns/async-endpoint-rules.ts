import { nearest } from '../nearest.ts'
import { parametersOf } from '../path-syntax.ts'
import { type Problem, prefixProblem } from '../problem.ts'
import { allowsBody, checkResponse, checkSplice } from '../response-rules.ts'
import { hasTemplate, readTemplate } from '../templates/read-template.ts'
import type { AsyncEndpoint } from './async.ts'

/** Rules between the keys of one endpoint of a flow. */
export function checkAsyncEndpoint(endpoint: AsyncEndpoint): Problem[] {
  const { response } = endpoint
  const starts = response.generates_id
  return [
    ...(starts ? checkStart(endpoint) : checkLaterStep(endpoint)),
    ...(response.returns_payload ? checkPayloadStep(endpoint) : []),
    ...checkSplice(response).map((problem) => prefixProblem(['response'], problem)),
    ...(response.body_from === undefined ? [] : checkKeptBody(endpoint)),
    ...checkOutsideOrder(endpoint),
    ...checkPending(endpoint),
  ]
}

function checkStart({ path, step, id_from, response }: AsyncEndpoint): Problem[] {
  const problems: Problem[] = []
  if (step === undefined) {
    const message = 'An endpoint that starts a flow is a step of it; write its "step", e.g. step: 1.'
    problems.push({ code: 'missing-key', message, path: [] })
  }
  const { id_header, id_header_value, id_body_field, body } = response
  if (id_header === undefined && id_header_value === undefined && id_body_field === undefined && !tellsId(response)) {
    const message =
      'A response with "generates_id" needs "id_header" with "id_header_value", "id_body_field", or {id} in its body, events or headers, so that the client learns the id.'
    problems.push({ code: 'missing-key', message, path: ['response'] })
  }
  if (id_header !== undefined && id_header_value === undefined) {
    const message = '"id_header" needs "id_header_value", e.g. id_header_value: /v1/jobs/{id}.'
    problems.push({ code: 'missing-key', message, path: ['response', 'id_header'], at: 'key' })
  }
  if (id_header === undefined && id_header_value !== undefined) {
    const message = '"id_header_value" needs "id_header", e.g. id_header: Location.'
    problems.push({ code: 'missing-key', message, path: ['response', 'id_header_value'], at: 'key' })
  }
  const other = (['body_file', 'body_events'] as const).find((key) => response[key] !== undefined)
  if (id_body_field !== undefined && (other !== undefined || (body !== undefined && !isMapping(body)))) {
    const message =
      '"id_body_field" puts the id into a JSON object, and this body is not a mapping; write the body as a mapping.'
    problems.push({ code: 'body-not-mapping', message, path: ['response', other ?? 'body'] })
  }
  if (id_body_field !== undefined && !allowsBody(response.status))
    problems.push(noBody(response.status, 'id_body_field'))
  const declared = Object.keys(response.headers).find((name) => name.toLowerCase() === id_header?.toLowerCase())
  if (declared !== undefined) {
    const message = `The header "${declared}" is declared here and again by "id_header"; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: ['response', 'headers', declared], at: 'key' })
  }
  if (parametersOf(path).includes('id') && !isChosen(response.id)) {
    const message = `A step that starts a flow makes the id itself, so that its path cannot contain {id}; found ${JSON.stringify(path)}.`
    problems.push({ code: 'start-with-id', message, path: ['path'] })
  }
  if (id_from !== undefined) {
    const message = 'A step that starts a flow makes the id itself; leave "id_from" out.'
    problems.push({ code: 'start-with-id', message, path: ['id_from'], at: 'key' })
  }
  return problems
}

/** Whether the client knows the id: it is in what is answered, or the client has chosen it. */
function tellsId({ id, headers, body, body_events: events, template }: AsyncEndpoint['response']): boolean {
  // What a rendered file says is not known here.
  if (isChosen(id) || template === true) return true
  return /\{id\}|\bflow\.id\b/.test(JSON.stringify([headers, body ?? null, events ?? null]))
}

function isChosen(id: string | undefined): boolean {
  return id !== undefined && hasTemplate(id)
}

function checkLaterStep({ path, id_from, response }: AsyncEndpoint): Problem[] {
  const problems: Problem[] = []
  for (const key of ['id', 'id_header', 'id_header_value', 'id_body_field'] as const) {
    if (response[key] === undefined) continue
    const message = `"${key}" has an effect only together with "generates_id: true"; add that or leave it out.`
    problems.push({ code: 'conflicting-keys', message, path: ['response', key], at: 'key' })
  }
  const parameters = parametersOf(path)
  if (id_from !== undefined && hasTemplate(id_from)) problems.push(...checkIdTemplate(id_from))
  if (id_from?.startsWith('params.') && !parameters.includes(id_from.slice('params.'.length))) {
    problems.push(unknownParameter(id_from.slice('params.'.length), path, parameters))
  }
  return problems
}

/** When the flow is looked for nothing but the request is known. */
function checkIdTemplate(template: string): Problem[] {
  const read = readTemplate(template, { tags: false })
  if (!read.ok) return []
  return read.template.roots
    .filter(({ name }) => name !== 'request' && name !== 'base_url')
    .map(({ name }) => {
      const message = `"id_from" reads "${name}", and when the flow is looked for only "request" is known; write a template of it.`
      return { code: 'unknown-name', message, path: ['id_from'], found: name }
    })
}

function checkOutsideOrder({ step, optional, pending, response }: AsyncEndpoint): Problem[] {
  if (step !== undefined || response.generates_id) return []
  const problems: Problem[] = []
  if (optional) {
    const message =
      'An endpoint without "step" stands outside the order already; leave "optional" out, or give it a step.'
    problems.push({ code: 'conflicting-keys', message, path: ['optional'], at: 'key' })
  }
  if (pending !== undefined) {
    const message = '"pending" holds the answers of a step before its final one; give the endpoint a "step".'
    problems.push({ code: 'missing-key', message, path: ['pending'], at: 'key' })
  }
  return problems
}

function checkPending(endpoint: AsyncEndpoint): Problem[] {
  const { pending = [], response } = endpoint
  if (pending.length > 0 && response.generates_id) {
    const message = 'A step that starts a flow answers at once; put "pending" on the step that asks for the result.'
    return [{ code: 'conflicting-keys', message, path: ['pending'], at: 'key' }]
  }
  return pending.flatMap((entry, index) => {
    const path = ['pending', index]
    const problems: Problem[] = []
    if ((entry.polls === undefined) === (entry.for === undefined)) {
      const message =
        entry.polls === undefined
          ? 'An entry of "pending" needs "polls" or "for", which say how often or how long it is the answer.'
          : '"polls" and "for" exclude each other in one entry; write two.'
      problems.push({ code: entry.polls === undefined ? 'missing-key' : 'conflicting-keys', message, path })
    }
    if (entry.response === undefined) return problems
    for (const key of ['generates_id', 'returns_payload', 'body_from'] as const) {
      if (!entry.response[key]) continue
      const message = `"${key}" belongs to the final answer; leave it out here.`
      problems.push({ code: 'conflicting-keys', message, path: [...path, 'response', key], at: 'key' })
    }
    problems.push(
      ...checkResponse({ ...endpoint, response: entry.response }).map((problem) => prefixProblem(path, problem)),
    )
    return problems
  })
}

function checkKeptBody({ response }: AsyncEndpoint): Problem[] {
  const problems: Problem[] = []
  if (!allowsBody(response.status)) problems.push(noBody(response.status, 'body_from'))
  for (const key of ['body', 'body_file', 'body_events', 'returns_payload'] as const) {
    if (!response[key]) continue
    const message = `"${key}" and "body_from" exclude each other: there is one body; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: ['response', key], at: 'key' })
  }
  return problems
}

function checkPayloadStep({ response }: AsyncEndpoint): Problem[] {
  const problems: Problem[] = []
  if (response.generates_id) {
    const message = '"returns_payload" and "generates_id" exclude each other; return the payload in a later step.'
    problems.push({ code: 'conflicting-keys', message, path: ['response', 'returns_payload'], at: 'key' })
  }
  if (!allowsBody(response.status)) problems.push(noBody(response.status, 'returns_payload'))
  for (const key of ['body', 'body_file', 'body_events'] as const) {
    if (response[key] === undefined) continue
    const message = `"returns_payload" and "${key}" exclude each other: the uploaded payload is the body; keep one.`
    problems.push({ code: 'conflicting-keys', message, path: ['response', key], at: 'key' })
  }
  return problems
}

function noBody(status: number, key: string): Problem {
  const message = `An answer with status ${status} has no body, so that "${key}" has no effect; choose another status.`
  return { code: 'body-not-allowed', message, path: ['response', key], at: 'key' }
}

function unknownParameter(name: string, path: string, parameters: readonly string[]): Problem {
  const suggestion = nearest(name, parameters)
  const hint = suggestion ? `did you mean "params.${suggestion}"?` : 'name one of its parameters.'
  const message = `"id_from" names the parameter "${name}", which the path ${JSON.stringify(path)} does not have; ${hint}`
  return {
    code: 'unknown-parameter',
    message,
    path: ['id_from'],
    ...(suggestion && { suggestion: `params.${suggestion}` }),
  }
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
