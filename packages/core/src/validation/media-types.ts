import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import { essence } from '../http/media-type.ts'

/** 415 where the body comes in none of these; null where it does, or where there is no body. */
export function refuseMediaType(types: readonly string[] | undefined, exchange: Exchange): Refusal | null {
  if (types === undefined || exchange.request.body === null) return null
  const sent = essence(exchange.header('content-type'))
  if (types.some((type) => covers(type.toLowerCase(), sent))) return null
  const found = sent === '' ? 'and the request names none' : `and the request's is ${sent}`
  return refusal(
    'invalid',
    `The body must have the media type ${types.join(' or ')}, ${found}; send it as Content-Type.`,
    {
      status: 415,
      more: { violations: [{ place: 'headers', field: 'Content-Type', problem: `must be ${types.join(' or ')}` }] },
    },
  )
}

/** 406 where the client accepts none of these (RFC 9110, 12.5.1); a client that says nothing accepts everything. */
export function refuseUnacceptable(types: readonly string[] | undefined, exchange: Exchange): Refusal | null {
  if (types === undefined) return null
  const header = exchange.header('accept') ?? ''
  if (header.trim() === '' || types.some((type) => accepts(header, type.toLowerCase()))) return null
  return refusal(
    'invalid',
    `The answer comes as ${types.join(' or ')}, and the request accepts ${header}; accept one of these.`,
    {
      status: 406,
      more: { violations: [{ place: 'headers', field: 'Accept', problem: `must accept ${types.join(' or ')}` }] },
    },
  )
}

/** By the most exact range that covers the type; `q=0` is a refusal. */
function accepts(header: string, type: string): boolean {
  const ranges = header.split(',').flatMap((part) => {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return covers(range, type)
      ? [{ exactness: range === type ? 2 : range === '*/*' ? 0 : 1, isRefused: Number(quality ?? 1) === 0 }]
      : []
  })
  const best = ranges.sort((one, other) => other.exactness - one.exactness)[0]
  return best !== undefined && !best.isRefused
}

/** `text/*` covers every text, and `application/*+json` every JSON. */
function covers(range: string, type: string): boolean {
  if (range === type || range === '*/*') return true
  const [, main = '', suffix = ''] = /^([^/]+)\/\*(\+[^/]+)?$/.exec(range) ?? []
  return main !== '' && type.startsWith(`${main}/`) && type.endsWith(suffix)
}
