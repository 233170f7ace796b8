import { parsePath } from '../path-syntax.ts'

/** What an endpoint of a resource does; `action` finds a record, does the endpoint's effects, and answers with it. */
export const operations = ['create', 'list', 'read', 'replace', 'patch', 'delete', 'action'] as const

export type Operation = (typeof operations)[number]

const onAll: Readonly<Record<string, Operation>> = { POST: 'create', GET: 'list', HEAD: 'list', QUERY: 'list' }
const onOne: Readonly<Record<string, Operation>> = {
  GET: 'read',
  HEAD: 'read',
  PUT: 'replace',
  PATCH: 'patch',
  DELETE: 'delete',
  POST: 'action',
}

const statuses: Readonly<Record<Operation, number>> = {
  create: 201,
  list: 200,
  read: 200,
  replace: 200,
  patch: 200,
  delete: 204,
  action: 200,
}

interface Route {
  readonly method: readonly string[]
  readonly path: string
  readonly id_from?: string | undefined
}

/** What the methods and the path tell; undefined where they tell nothing, or different things. */
export function operationOf({ method, path, id_from: idFrom }: Route): Operation | undefined {
  const [first, ...others] = method.map((one) => operationByMethod(one, path, idFrom !== undefined))
  return others.every((other) => other === first) ? first : undefined
}

function operationByMethod(method: string, path: string, isNamed: boolean): Operation | undefined {
  const { parameters, isLast } = idIn(path)
  if (!parameters.includes('id') && !isNamed) return onAll[method]
  const operation = onOne[method]
  // `PUT /jobs/{id}/pause` replaces no job.
  return isLast || isNamed || operation === 'read' ? operation : 'action'
}

/** Whether the path ends with its `{id}`. */
function idIn(path: string): { parameters: string[]; isLast: boolean } {
  const parsed = parsePath(path)
  if (!parsed.ok) return { parameters: [], isLast: false }
  const last = parsed.segments.at(-1) ?? []
  const isLast = last.length === 1 && last[0] !== undefined && 'parameter' in last[0] && last[0].parameter === 'id'
  return { parameters: parsed.parameters, isLast }
}

/** The status that an answer has where none is declared. */
export function defaultStatus(operation: Operation | undefined, hasBody: boolean): number {
  const status = operation === undefined ? 200 : statuses[operation]
  return status === 204 && hasBody ? 200 : status
}

/** The five that a resource has whose `endpoints` declare none of the usual operations. */
export function usualEndpoints(path: string): object[] {
  const one = `${path.replace(/\/$/, '')}/{id}`
  return [
    { method: 'POST', path },
    { method: 'GET', path },
    { method: 'GET', path: one },
    { method: 'PUT', path: one },
    { method: 'PATCH', path: one },
    { method: 'DELETE', path: one },
  ]
}
