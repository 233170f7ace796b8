import { parsePath } from '../path-syntax.ts'
import type { Problem } from '../problem.ts'
import { checkStates } from '../state-rules.ts'
import type { ResourceDatapoint, ResourceEndpoint } from './resource.ts'
import { operationOf, operations, usualEndpoints } from './resource-operations.ts'

type Raw = Readonly<Record<string, unknown>>

/** A resource without endpoints, or with none but actions, has the usual ones beside them. */
export function withUsualEndpoints(raw: Raw): Raw {
  const { endpoints = [], path } = raw
  if (typeof path !== 'string' || !parsePath(path).ok || !Array.isArray(endpoints)) return raw
  if (!endpoints.every(isAction)) return raw
  return { ...raw, endpoints: [...endpoints, ...usualEndpoints(path)] }
}

/** As it was written, before anything of it was checked. */
function isAction(endpoint: unknown): boolean {
  if (typeof endpoint !== 'object' || endpoint === null) return false
  const { method, path, operation, id_from: idFrom } = endpoint as Raw
  if (operation !== undefined) return operation === 'action'
  if (typeof path !== 'string') return false
  const methods = [method].flat().filter((one) => typeof one === 'string')
  const route = { method: methods.map((one) => one.toUpperCase()), path }
  return operationOf(idFrom === undefined ? route : { ...route, id_from: String(idFrom) }) === 'action'
}

/** Rules between the keys of one endpoint of a resource. */
export function checkResourceEndpoint({ operation, method, path, id_from: idFrom }: ResourceEndpoint): Problem[] {
  if (operation === undefined) {
    const message = `${method.join(' and ')} ${path} does not tell what it does to the resource; add "operation", one of ${operations.join(', ')}.`
    return [{ code: 'missing-key', message, path: ['method'] }]
  }
  const needsId = operation !== 'create' && operation !== 'list'
  if (needsId && idFrom === undefined && !parametersOf(path).includes('id')) {
    const message = `The path ${JSON.stringify(path)} has no {id}, so that "${operation}" cannot find its record; add {id} or "id_from", e.g. id_from: query.id.`
    return [{ code: 'record-not-found', message, path: ['path'] }]
  }
  return []
}

/** Rules between the keys of a resource and those of its endpoints. */
export function checkResourceDatapoint(datapoint: ResourceDatapoint): Problem[] {
  const { scope, records, endpoints, path } = datapoint
  const paths = endpoints.map((endpoint) => endpoint.path)
  const known = [...new Set([...paths, path ?? '/'].flatMap(parametersOf))].filter((name) => name !== 'id')
  const problems = checkStates(datapoint, 'record')
  for (const [index, name] of (scope ?? []).entries()) {
    if (known.includes(name)) continue
    const hint = known.length === 0 ? 'they have none beside {id}' : `they are ${known.join(', ')}`
    const message = `"scope" names the parameter "${name}", which no path of this resource has; ${hint}.`
    problems.push({ code: 'unknown-parameter', message, path: ['scope', index] })
  }
  const needed = scope ?? scopeOf(endpoints, path)
  const seen = new Map<string, number>()
  for (const [index, record] of records.entries()) {
    const missing = ['id', ...needed].find((name) => !isIdValue(record[name]))
    if (missing !== undefined) {
      const message = `A record needs "${missing}", which is part of what tells it from others: text or a number.`
      problems.push({ code: 'missing-key', message, path: ['records', index] })
      continue
    }
    const key = JSON.stringify(['id', ...needed].map((name) => String(record[name])))
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, index)
      continue
    }
    const message = `A second record has the id "${String(record.id)}"; give each an id of its own.`
    const related = [{ path: ['records', first], message: 'The first one is here' }]
    problems.push({ code: 'duplicate-record', message, path: ['records', index, 'id'], related })
  }
  return problems
}

/** The path parameters that keep records apart where `scope` does not say: those of the collection, else all that every endpoint has. */
export function scopeOf(endpoints: readonly { readonly path: string }[], path: string | undefined): string[] {
  const [first = [], ...others] = endpoints.map((one) => parametersOf(one.path))
  const common = first.filter((name) => others.every((names) => names.includes(name)))
  // The paths of endpoints have the partner's base path before them, which may have parameters, too.
  return [...new Set([...common, ...(path === undefined ? [] : parametersOf(path))])].filter((name) => name !== 'id')
}

function isIdValue(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && value !== '')
}

function parametersOf(path: string): string[] {
  const parsed = parsePath(path)
  return parsed.ok ? parsed.parameters : []
}
