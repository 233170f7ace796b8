import type * as z from 'zod'
import { basePath } from './fields/base-path.ts'
import { defaults } from './fields/defaults.ts'
import { errors } from './fields/errors.ts'
import { hosts } from './fields/hosts.ts'
import { dropExtensions } from './language-mapping.ts'
import type { EndpointShape, Inherited } from './patterns/pattern.ts'

type Raw = Readonly<Record<string, unknown>>

/** What a partner or a datapoint hands down to its endpoints, as it was written; what is at fault is left out. */
export interface Level {
  readonly keys: Raw
  readonly errors: Raw
  readonly basePath: string
  readonly inherited: Inherited
}

export function levelOf(raw: object): Level {
  const written = raw as Raw
  const sound = soundDefaults(written.defaults)
  const given = valid(defaults, sound) as (Inherited & Raw) | undefined
  const { errors: more, ...keys } = sound
  const { headers: _headers, content_type: _type, ...forEndpoints } = keys
  const names = valid(hosts, written.hosts)
  return {
    keys: forEndpoints,
    errors: { ...mappingOf(more), ...mappingOf(valid(errors, written.errors) && written.errors) },
    basePath: valid(basePath, written.base_path) ?? '',
    inherited: {
      ...(given?.headers !== undefined && { headers: given.headers }),
      ...(given?.content_type !== undefined && { content_type: given.content_type }),
      ...(names !== undefined && { hosts: names }),
    },
  }
}

/** A key that is at fault is told where it stands; the others are handed down, or their lack would be told as a fault, too. */
function soundDefaults(declared: unknown): Raw {
  const written = mappingOf(dropExtensions(declared))
  if (valid(defaults, written) !== undefined) return written
  return Object.fromEntries(Object.entries(written).filter(([key, value]) => valid(defaults, { [key]: value })))
}

/** An endpoint as it was written, with what it inherits: maps merge, the nearest wins. `keys` are those that it may have. */
export function withInherited(raw: unknown, levels: readonly Level[], keys: readonly string[]): unknown {
  if (!isMapping(raw)) return raw
  let merged: Raw = raw
  for (const level of [...levels].reverse()) {
    const fitting = Object.fromEntries(Object.entries(level.keys).filter(([key]) => keys.includes(key)))
    merged = merge(fitting, merged)
    if (Object.keys(level.errors).length > 0 && keys.includes('errors')) {
      merged = { ...merged, errors: { ...level.errors, ...mappingOf(merged.errors) } }
    }
  }
  return merged
}

/** A checked endpoint with the whole of its path, and what its answers inherit. */
export function completed(endpoint: EndpointShape, levels: readonly Level[]): EndpointShape {
  const base = levels.map((level) => level.basePath.replace(/\/$/, '')).join('')
  const headers = Object.assign(
    {},
    ...levels.map((level) => level.inherited.headers ?? {}),
  ) as Inherited['headers'] & {}
  const inherited: Inherited = Object.assign({}, ...levels.map((level) => level.inherited), { headers })
  if (Object.keys(headers).length === 0) delete inherited.headers
  return {
    ...endpoint,
    ...(base !== '' && { path: endpoint.path === '/' ? base : base + endpoint.path }),
    ...(Object.keys(inherited).length > 0 && { inherited }),
  }
}

/** Each of these is one whole: two merged would be a third that nobody wrote. */
const wholes: readonly string[] = ['when', 'auth', 'delay', 'fault', 'schema']

function merge(outer: Raw, inner: Raw): Raw {
  const merged: Record<string, unknown> = { ...outer, ...inner }
  for (const [key, value] of Object.entries(outer)) {
    const own = inner[key]
    if (!wholes.includes(key) && isMapping(value) && isMapping(own)) merged[key] = merge(value, own)
  }
  return merged
}

function valid<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> | undefined {
  const parsed = schema.safeParse(value)
  return parsed.success ? parsed.data : undefined
}

function mappingOf(value: unknown): Raw {
  return isMapping(value) ? value : {}
}

function isMapping(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
