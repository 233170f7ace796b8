import { text } from './leaf.ts'

const places = [
  'params\\.[A-Za-z_][A-Za-z0-9_]*',
  'query\\.[^\\s]+',
  "headers\\.[!#$%&'*+.^_`|~0-9A-Za-z-]+",
  'body(\\.[^\\s.]+)+',
  '\\$[.\\[].*',
  '/.*',
  '[\\s\\S]*\\{\\{[\\s\\S]*',
]

const rule = 'params.NAME, query.NAME, headers.NAME, body.PATH, a JSONPath, an XPath or a template'

/** Where a value stands in a request: a place, a JSONPath that begins with `$`, an XPath that begins with `/`, or a template. */
export const valueSource = text(rule, new RegExp(`^(${places.join('|')})$`))

/** The same, or `body` alone for all its bytes. */
export const valueOrBody = text(
  `${rule}, or body alone for the bytes as they came`,
  new RegExp(`^(body|${places.join('|')})$`),
)
