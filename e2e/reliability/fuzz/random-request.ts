import { type ParsedDefinition, routesOf } from '@imnot/schema'
import type { Random } from './random.ts'

export interface RandomRequest {
  readonly method: string
  /** A path with its query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer> | null
}

const words: readonly string[] = [
  ...[
    '1',
    'a',
    'RES-1',
    '0',
    '-1',
    'true',
    'null',
    '',
    ' ',
    'é',
    '%00',
    '%',
    '%2F',
    '..',
    '{{7|times:7}}',
    '__proto__',
  ],
  ...['2026-11-25T00:00:00Z', '99999999999999999999', 'a'.repeat(300), "'", '"', '<a>', '$.a', '🦊', 'constructor'],
]

const bodies: readonly (readonly [type: string | null, text: string])[] = [
  ['application/json', '{"a":{"b":1},"id":"1","items":[{"id":1},{"id":"2"}],"url":"http://127.0.0.1:9/hook"}'],
  ['application/json', '{"a":1,"a":2,"__proto__":{"x":1},"constructor":null,"n":1e400}'],
  ['application/json', '[[[[[]]]],null,"x"]'],
  ['application/json', '{"broken":'],
  ['application/json', '"\\ud800"'],
  ['application/merge-patch+json', '{"a":null,"b":{"c":[1]}}'],
  ['application/json-patch+json', '[{"op":"add","path":"/a","value":1},{"op":"test","path":"/b","value":2}]'],
  ['application/json-patch+json', '[{"op":"move","from":"/a","path":"/a/b"}]'],
  ['application/x-www-form-urlencoded', 'grant_type=client_credentials&client_id=a&client_secret=b&scope=x&a[b][]=1'],
  ['application/x-www-form-urlencoded', 'grant_type=refresh_token&refresh_token=zzz&a=%zz&__proto__[x]=1'],
  [
    'application/x-www-form-urlencoded',
    'grant_type=authorization_code&code=1&code_verifier=x&redirect_uri=http://127.0.0.1/cb',
  ],
  ['text/xml', '<?xml version="1.0"?><a xmlns:x="urn:x"><x:b id="1">t</x:b><c/></a>'],
  ['application/xml', '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'],
  ['application/xml', '<a><b></a>'],
  [
    'multipart/form-data; boundary=X',
    '--X\r\ncontent-disposition: form-data; name="a"; filename="f.txt"\r\n\r\nhi\r\n--X--\r\n',
  ],
  ['multipart/form-data', 'no boundary'],
  ['text/csv', 'a,b\n1,"2\n3"\n'],
  ['application/x-ndjson', '{"a":1}\n{"a":'],
  ['text/plain; charset=nonsense', 'text'],
  [null, '\u0000\u0001\ufffd'],
]

/** Requests to the routes of a definition, and now and then beside them: hostile parameters, queries, headers and bodies. */
export function randomRequest(
  { definition }: ParsedDefinition,
  learned: readonly string[],
  random: Random,
): RandomRequest {
  const word = () => (learned.length > 0 && random.chance(0.6) ? random.pick(learned) : random.pick(words))
  const route = random.pick(routesOf(definition))
  const path = route.path.replaceAll(/\{[^}]*\}/g, () => encode(word(), random))
  const query = Array.from(
    { length: random.below(4) },
    () => `${random.pick(parameters)}=${encode(random.chance(0.3) ? String(random.below(50)) : word(), random)}`,
  ).join('&')
  const headers: Record<string, string> = {}
  for (const name of headerNames) if (random.chance(0.15)) headers[name] = headerValue(name, word, random)
  const method = random.chance(0.95)
    ? route.method
    : random.pick(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
  const url = query === '' ? path : `${path}?${query}`
  if (method === 'GET' || method === 'HEAD' || random.chance(0.1)) return { method, url, headers, body: null }
  const [type, text] = random.pick(bodies)
  if (type !== null) headers['content-type'] = type
  return {
    method,
    url,
    headers,
    body: Buffer.from(random.chance(0.1) ? text.slice(0, random.below(text.length)) : text),
  }
}

const parameters: readonly string[] = [
  ...['id', 'limit', 'offset', 'page', 'size', 'cursor', 'after', 'status', 'a', 'filter[a]', 'To', 'response_type'],
  ...['client_id', 'redirect_uri', 'code_challenge', 'code_challenge_method', 'state', 'page_token'],
]

const headerNames: readonly string[] = [
  ...[
    'accept',
    'authorization',
    'if-match',
    'if-none-match',
    'idempotency-key',
    'x-id',
    'x-api-key',
    'range',
    'origin',
  ],
  ...['x-imnot-session', 'prefer'],
]

function headerValue(name: string, word: () => string, random: Random): string {
  if (name === 'authorization')
    return random.pick(['Bearer x', 'Bearer a.b.c', 'Basic YTpi', 'Basic ===', 'Bearer ', 'x'])
  if (name === 'if-match' || name === 'if-none-match') return random.pick(['*', '"1"', 'W/"1"', 'x'])
  // Header values are one line of latin-1.
  return word().replaceAll(/[^ -~\u00a1-\u00ff]/g, '') || 'x'
}

/** Mostly as a client would; now and then with what no client should send. */
function encode(word: string, random: Random): string {
  return random.chance(0.9) || /[ ?#]/.test(word) ? encodeURIComponent(word) : word
}
