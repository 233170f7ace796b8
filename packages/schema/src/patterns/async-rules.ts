import { nearest } from '../nearest.ts'
import { parsePath } from '../path-syntax.ts'
import type { Problem } from '../problem.ts'
import { allowsBody } from '../response-rules.ts'
import { hasTemplate } from '../templates/read-template.ts'
import type { AsyncDatapoint, AsyncEndpoint } from './async.ts'

/** Rules between the keys of one endpoint of a flow. */
export function checkAsyncEndpoint(endpoint: AsyncEndpoint): Problem[] {
  const { response } = endpoint
  const starts = response.generates_id
  return [
    ...(starts ? checkStart(endpoint) : checkLaterStep(endpoint)),
    ...(response.returns_payload ? checkPayloadStep(endpoint) : []),
  ]
}

/** Rules between the endpoints of a flow. */
export function checkAsyncDatapoint({ endpoints }: AsyncDatapoint): Problem[] {
  const steps = endpoints.map(({ step }) => step)
  const lowest = Math.min(...steps)
  const problems: Problem[] = []
  if (new Set(steps).size < 2) {
    const message =
      'A datapoint of pattern async needs at least two different steps: one that starts the flow and one that follows.'
    problems.push({ code: 'too-few-steps', message, path: ['endpoints'] })
  }
  if (!endpoints.some(({ response }) => response.generates_id)) {
    const message = `No step starts the flow; write "generates_id: true" in the response of step ${lowest}.`
    problems.push({ code: 'no-start', message, path: ['endpoints'] })
  } else if (!endpoints.some(({ step, response }) => step === lowest && response.generates_id)) {
    const index = endpoints.findIndex(({ response }) => response.generates_id)
    const message = `The flow starts at step ${steps[index]}, which comes after step ${lowest}; the lowest step must have "generates_id: true".`
    problems.push({ code: 'late-start', message, path: ['endpoints', index, 'step'] })
  }
  return problems
}

function checkStart({ path, id_from, response }: AsyncEndpoint): Problem[] {
  const problems: Problem[] = []
  const { id_header, id_header_value, id_body_field, body } = response
  if (id_header === undefined && id_header_value === undefined && id_body_field === undefined && !tellsId(response)) {
    const message =
      'A response with "generates_id" needs "id_header" with "id_header_value", "id_body_field", or {id} in its body or headers, so that the client learns the id.'
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
  const isFile = response.body_file !== undefined
  if (id_body_field !== undefined && (isFile || (body !== undefined && !isMapping(body)))) {
    const message =
      '"id_body_field" puts the id into a JSON object, and this body is not a mapping; write the body as a mapping.'
    problems.push({ code: 'body-not-mapping', message, path: ['response', isFile ? 'body_file' : 'body'] })
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
function tellsId({ id, headers, body }: AsyncEndpoint['response']): boolean {
  return isChosen(id) || /\{id\}|\bflow\.id\b/.test(JSON.stringify([headers, body ?? null]))
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
  if (id_from === undefined && !parameters.includes('id')) {
    const message = `The path ${JSON.stringify(path)} has no {id}, so that this step cannot find its flow; add {id} or "id_from", e.g. id_from: query.id.`
    problems.push({ code: 'flow-not-found', message, path: ['path'] })
  }
  if (id_from?.startsWith('params.') && !parameters.includes(id_from.slice('params.'.length))) {
    problems.push(unknownParameter(id_from.slice('params.'.length), path, parameters))
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
  for (const key of ['body', 'body_file'] as const) {
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

function parametersOf(path: string): string[] {
  const parsed = parsePath(path)
  return parsed.ok ? parsed.parameters : []
}

function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
