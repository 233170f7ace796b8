import type { DeclaredClient } from '../fields/clients.ts'
import { deviceGrant } from '../fields/grant.ts'
import { checkFlowNames } from '../flow-names.ts'
import type { Problem, ValuePath } from '../problem.ts'
import { checkVariable } from '../variable-rules.ts'
import type { OauthDatapoint, OauthEndpoint } from './oauth.ts'

type Response = OauthEndpoint['response']

/** Keys of an answer, and the operations whose answers may have them; `token` stands for endpoints without operation. */
const owners: { readonly [Key in keyof Response]?: readonly string[] } = {
  refresh_token: ['token'],
  refresh_expires_in: ['token'],
  id_token: ['token'],
  claims: ['token'],
  extra: ['token', 'device', 'introspect', 'userinfo', 'discovery'],
  interval: ['device'],
  verification_uri: ['device'],
}

const capturing: readonly OauthEndpoint['operation'][] = [undefined, 'authorize', 'device']

/** Rules between the keys of one endpoint. */
export function checkOauthEndpoint(endpoint: OauthEndpoint): Problem[] {
  const { operation, grant, pending, response, responses = [] } = endpoint
  const problems: Problem[] = []
  if (operation !== undefined && grant !== undefined) {
    const message = `"grant" is of token endpoints, and this endpoint has the operation ${operation}; keep one of the two.`
    problems.push({ code: 'conflicting-keys', message, path: ['grant'], at: 'key' })
  }
  if (endpoint.capture !== undefined && !capturing.includes(operation)) {
    const message = `"capture" is of authorize, device and token endpoints, and this one has the operation ${operation}; leave it out.`
    problems.push({ code: 'conflicting-keys', message, path: ['capture'], at: 'key' })
  }
  if (pending !== undefined && operation !== 'device') {
    const message = '"pending" of pattern oauth goes with "operation: device"; leave it out.'
    problems.push({ code: 'conflicting-keys', message, path: ['pending'], at: 'key' })
  }
  if (pending !== undefined && (pending.polls === undefined) === (pending.for === undefined)) {
    const message = '"pending" needs one of "polls" and "for", e.g. pending: { polls: 2 }.'
    problems.push({ code: 'missing-key', message, path: ['pending'] })
  }
  problems.push(...checkAnswer(endpoint, response, ['response']))
  for (const [index, choice] of responses.entries()) {
    problems.push(...checkAnswer(endpoint, choice.response, ['responses', index, 'response']))
  }
  return problems
}

function checkAnswer({ operation, grant }: OauthEndpoint, response: Response, path: ValuePath): Problem[] {
  const own = operation ?? 'token'
  const problems: Problem[] = []
  for (const [key, whose] of Object.entries(owners)) {
    if (response[key as keyof Response] === undefined || whose.includes(own)) continue
    const where = whose.map((one) => (one === 'token' ? 'token endpoints' : `"operation: ${one}"`)).join(', ')
    const message = `"${key}" is of ${where}; leave it out here.`
    problems.push({ code: 'conflicting-keys', message, path: [...path, key], at: 'key' })
  }
  if (response.body !== undefined && response.error === undefined && operation !== 'userinfo') {
    const message = 'Only "operation: userinfo" has a body of its own; "extra" adds members to the other answers.'
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'body'], at: 'key' })
  }
  if (response.error_description !== undefined && response.error === undefined) {
    const message = '"error_description" needs "error", e.g. error: access_denied.'
    problems.push({ code: 'missing-key', message, path: [...path, 'error_description'], at: 'key' })
  }
  for (const key of ['refresh_token', 'id_token'] as const) {
    if (grant !== undefined || operation !== undefined || response[key] === undefined) continue
    const message = `"${key}" needs "grant", e.g. grant: [authorization_code, refresh_token]; without it any caller gets one access token.`
    problems.push({ code: 'missing-key', message, path: [...path, key], at: 'key' })
  }
  return problems
}

/** Rules between endpoints: a grant that begins elsewhere needs that endpoint in the same datapoint. */
export function checkOauthDatapoint(datapoint: OauthDatapoint): Problem[] {
  const { endpoints, clients = [] } = datapoint
  const operations = endpoints.map(({ operation }) => operation)
  const problems: Problem[] = []
  for (const [index, { grant = [] }] of endpoints.entries()) {
    for (const [name, operation] of [
      ['authorization_code', 'authorize'],
      [deviceGrant, 'device'],
    ] as const) {
      if (!grant.includes(name) || operations.includes(operation)) continue
      const message = `The grant ${operation === 'device' ? 'device_code' : name} begins at an endpoint with "operation: ${operation}", and this datapoint has none; add it.`
      problems.push({ code: 'missing-endpoint', message, path: ['endpoints', index, 'grant'] })
    }
    if (grant.includes('refresh_token') && !endpoints.some(givesRefreshTokens)) {
      const message = 'No answer of this datapoint gives a refresh token; write "refresh_token: rotate" in a response.'
      problems.push({ code: 'missing-key', message, path: ['endpoints', index, 'grant'] })
    }
  }
  const captured = endpoints.flatMap(({ capture = {} }) => Object.keys(capture))
  problems.push(...checkFlowNames(datapoint, captured))
  return [...problems, ...clients.flatMap((client, index) => checkClient(client, clients, index))]
}

function givesRefreshTokens({ response, responses = [] }: OauthEndpoint): boolean {
  return [response, ...responses.map((choice) => choice.response)].some((one) => one.refresh_token !== undefined)
}

function checkClient(
  { id, secret, secret_env: variable }: DeclaredClient,
  all: readonly DeclaredClient[],
  index: number,
) {
  const path: ValuePath = ['clients', index]
  const problems = checkVariable(variable, [...path, 'secret_env'])
  if (secret !== undefined && variable !== undefined) {
    const message = '"secret" and "secret_env" exclude each other; keep one.'
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'secret_env'], at: 'key' })
  }
  const first = all.findIndex((other) => other.id === id)
  if (first < index) {
    const message = `A second client has the id "${id}"; give each an id of its own.`
    const related = [{ path: ['clients', first, 'id'], message: 'It stands here first' }]
    problems.push({ code: 'duplicate-name', message, path: [...path, 'id'], related })
  }
  return problems
}
