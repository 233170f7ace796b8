import { parsePath } from '@imnot/schema'
import type { PostmanUrl } from '../collection.ts'
import { inertUrlPart, placeholder } from '../variables/inert.ts'
import type { Variable } from '../variables/variable.ts'
import type { RequestPlan } from './plan.ts'

/** The address of a request below a base URL. */
export function toUrl(base: Variable, { path, params = {}, query = [] }: RequestPlan): PostmanUrl {
  const host = placeholder(base)
  const segments = segmentsOf(path, params)
  const pairs = query.map(([name, value]) => ({ key: inertUrlPart(name), value: inertUrlPart(value) }))
  const search = pairs.map(({ key, value }) => `${key}=${value}`).join('&')
  return {
    raw: `${host}/${segments.join('/')}${search === '' ? '' : `?${search}`}`,
    host: [host],
    path: segments,
    ...(pairs.length > 0 && { query: pairs }),
  }
}

function segmentsOf(path: string, params: Readonly<Record<string, Variable>>): string[] {
  const parsed = parsePath(path)
  if (!parsed.ok) return path.slice(1).split('/').map(encodeLiteral)
  return parsed.segments.map((parts) =>
    parts
      .map((part) => {
        if ('literal' in part) return encodeLiteral(part.literal)
        const variable = params['parameter' in part ? part.parameter : part.rest]
        return variable === undefined ? '1' : placeholder(variable)
      })
      .join(''),
  )
}

/** What a parsed path left encoded stays so; anything that is no character of a path is encoded. */
function encodeLiteral(literal: string): string {
  return literal.replaceAll(/[^\w\-.~!$&'()*+,;=:@%]/gu, encodeURIComponent)
}
