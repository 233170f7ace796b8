import { text } from './leaf.ts'

/** Where in a request a value stands. */
export function requestPlace() {
  return text(
    'headers.NAME, query.NAME, params.NAME or body.PATH',
    /^(params\.[A-Za-z_][A-Za-z0-9_]*|query\.[^\s]+|headers\.[!#$%&'*+.^_`|~0-9A-Za-z-]+|body(\.[^\s.]+)+)$/,
  )
}
