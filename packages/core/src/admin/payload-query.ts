import { type DatapointDefinition, headersField, statusField } from '@imnot/schema'
import { type PayloadParams, payloadParameters } from '../payloads/payload-params.ts'
import type { PayloadKind } from '../payloads/payload-store.ts'

/** Query parameters of an upload that are no path parameters; one of such a name is given as `param.status`. */
export const uploadQuery = {
  verbatim: '`true` takes the bytes without looking into them',
  status: 'The status of the answers with this payload, instead of the declared one',
  header: 'A header of these answers, `NAME: VALUE`, in place of a declared one of the name; may come several times',
} as const

/** For the OpenAPI document. */
export const otherQuery =
  'Path parameters of the datapoint, such as `id=RES-1`: the payload for exactly these values, and not the general one'

const prefix = 'param.'

/** The values of path parameters that a request about a payload names, or what is wrong with them. */
export function readParams(
  query: URLSearchParams,
  datapoint: DatapointDefinition,
  known: readonly string[] = [],
): { readonly params: PayloadParams } | { readonly detail: string } {
  const names = [...new Set(datapoint.endpoints.flatMap(payloadParameters))]
  const params: Record<string, string> = {}
  for (const [key, value] of query) {
    if (known.includes(key)) continue
    const name = key.startsWith(prefix) ? key.slice(prefix.length) : key
    if (!names.includes(name)) {
      const choice = names.length === 0 ? 'they have none' : `they have ${names.join(', ')}`
      return { detail: `"${name}" is no parameter in the paths of ${datapoint.name}; ${choice}.` }
    }
    if (Object.hasOwn(params, name)) return { detail: `"${name}" is given twice; a payload is for one value.` }
    params[name] = value
  }
  return { params }
}

/** Status and headers that an upload names for its answers, or what is wrong with them. */
export function readKind(query: URLSearchParams): Omit<PayloadKind, 'contentType'> | { readonly detail: string } {
  const status = query.get('status')
  const parsed = statusField.safeParse(status === null ? 200 : Number(status))
  if (!parsed.success) return { detail: `"status" must be ${parsed.error.issues[0]?.message}, found "${status}".` }
  const headers: string[] = []
  for (const line of query.getAll('header')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? []
    const fault = headerFault(name, value)
    if (fault !== null) return { detail: fault }
    headers.push(name, value)
  }
  return { ...(status !== null && { status: parsed.data }), ...(headers.length > 0 && { headers }) }
}

function headerFault(name: string, value: string): string | null {
  if (name === '') return 'A "header" is written as NAME: VALUE, such as header=Retry-After: 30.'
  if (name.toLowerCase() === 'content-type') {
    return 'The Content-Type of the upload is that of its answers; leave it out of "header".'
  }
  const parsed = headersField.safeParse({ [name]: value })
  return parsed.success ? null : `The header "${name}" cannot be sent: ${parsed.error.issues[0]?.message}`
}
