import type { JsonValue } from '../ports/storage.ts'
import { version } from '../version.ts'
import type { AdminRoute } from './admin-route.ts'

/** The OpenAPI 3.1 document of the admin API, made from the same routes that are served. */
export function openApiDocument(routes: readonly AdminRoute[], mountPath = ''): JsonValue {
  const paths: Record<string, Record<string, JsonValue>> = {}
  for (const route of routes) {
    const path = paths[route.path] ?? {}
    path[route.method.toLowerCase()] = operation(route)
    paths[route.path] = path
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'imnot admin API',
      version,
      description: 'Upload payloads, manage sessions, look at flows and callbacks of an imnot mock server.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: mountPath || '/' }],
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'The admin key, or the token of a session' },
      },
      schemas: {
        Refusal: {
          type: 'object',
          required: ['detail'],
          properties: { detail: { type: 'string', description: 'The cause and the remedy, in one sentence' } },
        },
      },
    },
    paths,
  }
}

function operation(route: AdminRoute): JsonValue {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : { security: [{ key: [] }, {}] }),
    parameters: parameters(route),
    ...(route.body === undefined ? {} : { requestBody: requestBody(route.body) }),
    responses: Object.fromEntries(
      Object.entries(route.answers).map(([status, summary]) => [status, answer(status, summary)]),
    ),
  }
}

function parameters({ path, query = {}, otherQuery, headers = {} }: AdminRoute): JsonValue {
  const text = { schema: { type: 'string' } }
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...text,
  }))
  const inQuery = Object.entries(query).map(([name, description]) => ({ name, in: 'query', description, ...text }))
  const inHeader = Object.entries(headers).map(([name, description]) => ({ name, in: 'header', description, ...text }))
  const others = { name: 'params', in: 'query', style: 'form', explode: true, description: otherQuery ?? '' }
  const anyName = { ...others, schema: { type: 'object', additionalProperties: { type: 'string' } } }
  return [...inPath, ...inQuery, ...(otherQuery === undefined ? [] : [anyName]), ...inHeader]
}

function requestBody({ type, summary, optional = false }: NonNullable<AdminRoute['body']>): JsonValue {
  const schema = type === 'application/json' ? { type: 'object' } : { type: 'string', format: 'binary' }
  return { description: summary, required: !optional, content: { [type]: { schema } } }
}

function answer(status: string, description: string): JsonValue {
  if (Number(status) < 400) return { description }
  return { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } } }
}

function operationId({ method, path }: AdminRoute): string {
  const words = path
    .replace(/^\/imnot\/(admin\/)?/, '')
    .split(/[^A-Za-z]+/)
    .filter((word) => word !== '')
  return [method.toLowerCase(), ...words.map((word) => word[0]?.toUpperCase() + word.slice(1))].join('')
}
